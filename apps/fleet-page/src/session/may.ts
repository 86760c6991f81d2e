import { hasRole, type NeededRole } from '@serve.zone/baseos-cloudly-handlers';
import { me } from './server.js';

/** Whether whoever is signed in has a role, or one above it. The server decides; this only spares people buttons without effect. */
export function may(needed: NeededRole): boolean {
  const who = me.value;
  if (!who) return false;
  return hasRole({ role: who.role, ...(who.scope !== undefined && { scope: { terms: [] } }) }, needed);
}
