import { isInScope } from '../selector/matches.js';
import type { Call } from './call.js';
import { FleetError } from './fleet-error.js';
import { hasRole } from './fleet-roles.js';

/**
 * Labels decide who sees a node, so only an admin of the whole fleet changes those that a scope uses.
 *
 * @throws FleetError if the caller may not change one of these
 */
export async function requireFreeLabels(call: Call, keys: readonly string[]): Promise<void> {
  if (hasRole(call.caller, 'unscoped-admin')) return;
  const ofOthers = await call.scopedLabelKeys();
  const own = ownKeys(call);
  const reserved = keys.find((key) => ofOthers.has(key) || own.has(key));
  if (reserved !== undefined) throwReserved(reserved);
}

/**
 * The nodes of a join token have its labels from their first moment: they are in the caller's scope, and in nobody else's.
 *
 * @throws FleetError if the caller may not admit nodes with these
 */
export async function requireLabelsInScope(call: Call, labels: Readonly<Record<string, string>>): Promise<void> {
  const { caller } = call;
  if (hasRole(caller, 'unscoped-admin')) return;
  if (!isInScope(caller.scope, labels)) {
    throw new FleetError('label-out-of-scope', 'The nodes of this join token would not be in your scope', {
      remedy: `Give it the labels of your scope (${[...ownKeys(call)].join(', ')}).`,
    });
  }
  const own = ownKeys(call);
  const ofOthers = await call.scopedLabelKeys();
  const reserved = Object.keys(labels).find((key) => ofOthers.has(key) && !own.has(key));
  if (reserved !== undefined) throwReserved(reserved);
}

function ownKeys({ caller }: Call): ReadonlySet<string> {
  return new Set(caller.scope?.terms.map(({ key }) => key));
}

function throwReserved(key: string): never {
  throw new FleetError('label-reserved', `The label ${key} decides who sees a node`, {
    remedy: 'Ask an admin of the whole fleet to set it.',
  });
}
