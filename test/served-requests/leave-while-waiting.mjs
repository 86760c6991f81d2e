import { createCloudlyHandlers, createJoinToken, createMemoryStore } from '@serve.zone/baseos-cloudly-handlers';
import registerRequest from '@serve.zone/baseos-contracts/examples/register-request.minimal.json' with { type: 'json' };
import { serve } from './serve.mjs';

/** How many nodes wait: before one leaves, and after it. */
export async function leaveWhileWaiting() {
  const store = createMemoryStore();
  const errors = [];
  const handlers = createCloudlyHandlers({
    store,
    cloudlyId: 'cloudly',
    wakeWaitMs: 60_000,
    onError: (error) => errors.push(error.message),
  });
  const server = await serve((request) => handlers.fetch(request));
  const call = (name, token, options) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return fetch(`http://127.0.0.1:${server.port}/baseos/v1/nodes/${name}`, { headers, ...options });
  };
  const { joinToken } = await createJoinToken(store);
  const registered = await call('register', joinToken, { method: 'POST', body: JSON.stringify(registerRequest) });
  const { nodeToken } = await registered.json();

  const leaving = new AbortController();
  const left = call('wake', nodeToken, { signal: leaving.signal }).catch((error) => error.name);
  const before = await untilWaiting(handlers, 1);
  leaving.abort();
  const outcome = { before, client: await left, after: await untilWaiting(handlers, 0), errors };
  await server.stop();
  return outcome;
}

/** The count, once it is as expected or some seconds have passed. */
async function untilWaiting({ countWaiting }, expected) {
  const endMs = performance.now() + 5000;
  while (countWaiting() !== expected && performance.now() < endMs) {
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
  return countWaiting();
}
