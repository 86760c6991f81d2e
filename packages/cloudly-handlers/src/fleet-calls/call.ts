import type { StoredNode } from '../fleet/node-store.js';
import type { FleetStore, OperatorStore } from '../fleet-store/fleet-store.js';
import type { WebhookServices } from '../webhooks/webhook-services.js';
import type { Caller } from './caller.js';
import { FleetError } from './fleet-error.js';
import { hasRole, type NeededRole } from './fleet-roles.js';

/** One call of an operator, and what it works with. */
export interface Call {
  caller: Caller;
  nowMs: number;
  /** The fleet as the caller sees it. */
  store: OperatorStore;
  /** The whole one. */
  fleet: FleetStore;
  /** The keys of labels that decide who sees a node. */
  scopedLabelKeys: () => Promise<ReadonlySet<string>>;
  /** Absent where nothing can send webhooks. */
  webhooks: WebhookServices | undefined;
  /** For what goes on after the call was made. */
  now: () => number;
}

/** @throws FleetError unless the caller has this role */
export function requireRole({ caller }: Pick<Call, 'caller'>, needed: NeededRole, toDo: string): void {
  if (hasRole(caller, needed)) return;
  const role = needed === 'unscoped-admin' ? 'admin without a scope' : needed;
  const own = `${caller.role}${caller.scope ? ' within a scope' : ''}`;
  throw new FleetError('role-insufficient', `You need the role ${role} to ${toDo}, but have ${own}`, {
    remedy: `Ask somebody with the role ${role}.`,
  });
}

/** @throws FleetError unless the number is a whole one from 1 to `max` */
export function requireLimit(limit: number, max: number): number {
  if (Number.isSafeInteger(limit) && limit >= 1 && limit <= max) return limit;
  throw new FleetError('value-invalid', `The limit must be a whole number from 1 to ${max}, but is ${limit}`, {
    remedy: 'Ask for less, and go on after the last one.',
  });
}

export async function requireNode({ store }: Call, nodeId: string): Promise<StoredNode> {
  return (await store.findNode(nodeId)) ?? throwUnknownNode(nodeId);
}

export function throwUnknownNode(nodeId: string): never {
  throw new FleetError('node-unknown', `There is no node ${nodeId}`, {
    remedy: 'List the nodes to find it. It may have been forgotten, or be out of your scope.',
  });
}

/** Throws a mistake in a value, if there is one. */
export function requireValue(mistake: string | undefined, remedy: string): void {
  if (mistake !== undefined) throw new FleetError('value-invalid', mistake, { remedy });
}
