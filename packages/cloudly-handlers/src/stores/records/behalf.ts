import type { Actor } from '../../events/actor.js';
import type { FleetEventBody, WrittenEvent } from '../../events/fleet-event.js';
import type { StoreCaller } from '../../fleet-store/fleet-store.js';
import type { JoinTokenRecord } from '../../fleet/join-token-record.js';
import { runtime } from '../../fleet/runtime.js';
import { isInScope } from '../../selector/matches.js';
import type { Scope } from '../../selector/selector.js';

/** For whom a store does something. */
export interface Behalf {
  actor?: Actor;
  nowMs?: number;
  scope?: Scope | undefined;
}

/** Of the nodes' endpoints: what a node asks for is by that node, all else by Cloudly itself. */
export const ofNodes: Behalf = {};

export function ofCaller({ actor, nowMs, scope }: StoreCaller): Behalf {
  return { actor, nowMs, scope };
}

export interface Occasion {
  /** The instant that the operation itself names. */
  atMs?: number | undefined;
  /** The node that asks, if one does. */
  askingNodeId?: string | undefined;
}

/** The instant of an operation: the caller's, else its own, else now. */
export function instantOf({ nowMs }: Behalf, atMs?: number): number {
  return nowMs ?? atMs ?? runtime.now();
}

/** What is told of an operation. */
export function writtenEvent(
  behalf: Behalf,
  body: FleetEventBody,
  { atMs, askingNodeId }: Occasion = {},
): WrittenEvent {
  const asking: Actor = askingNodeId === undefined ? 'system' : `node:${askingNodeId}`;
  return { atMs: instantOf(behalf, atMs), actor: behalf.actor ?? asking, ...body };
}

/** A join token is in scope if the nodes are that it admits. */
export function isVisibleJoinToken({ scope }: Behalf, { labels = {} }: JoinTokenRecord): boolean {
  return isInScope(scope, labels);
}

/** @throws TypeError for a join token that would admit nodes out of scope */
export function requireVisibleJoinToken(behalf: Behalf, joinToken: JoinTokenRecord): void {
  if (isVisibleJoinToken(behalf, joinToken)) return;
  throw new TypeError(`The join token ${joinToken.id} would admit nodes that are out of scope`);
}
