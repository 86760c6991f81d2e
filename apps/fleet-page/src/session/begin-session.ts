import { isFleetApiError } from '@serve.zone/baseos-fleet-api';
import { me, server } from './server.js';

/** Finds out who is signed in. Rejects if the server does not say. */
export async function beginSession(): Promise<void> {
  try {
    me.value = await server.me();
  } catch (error) {
    if (!isFleetApiError(error)) throw error;
    if (error.code === 'unauthenticated') me.value = null;
    // Where the API is mounted beside other users than its own, nobody signs in here.
    else if (error.code === 'not-found') me.value = { name: 'You', kind: 'host', role: 'admin' };
    else throw error;
  }
}

export async function endSession(): Promise<void> {
  await server.signOut();
  me.value = null;
}
