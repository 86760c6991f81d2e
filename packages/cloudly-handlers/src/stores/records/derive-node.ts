import { changesOfFacts } from '../../events/fact-changes.js';
import type { NodeChange } from '../../events/fleet-event.js';
import { changesOfCreation, changesOfReplacement } from '../../events/node-changes.js';
import { changesOfProfile } from '../../events/profile-changes.js';
import { changeOfState } from '../../events/state-change.js';
import { approvalOf } from '../../facts/approval.js';
import { factsOf } from '../../facts/facts-of.js';
import { FACTS_VERSION, isReportedState, type NodeFacts, type NodeState } from '../../facts/node-facts.js';
import { type HeardNode, nextCheckAtMs, nodeStateOf } from '../../facts/node-state.js';
import { quietSince } from '../../facts/quiet-since.js';
import type { NodeProfile } from '../../fleet/node-profile.js';
import type { NodeRecord } from '../../fleet/node-record.js';
import type { FactsChange } from './facts-change.js';
import type { NodeSources } from './node-sources.js';

/** What a change of a node makes of its facts, and what is told of it. */
export interface DerivedNode {
  facts: NodeFacts;
  /** Absent if it is heard as before. */
  move?: NodeMove;
  changes: NodeChange[];
}

/** How a node is heard from now on. */
export interface NodeMove {
  state: NodeState;
  quietSinceMs: number;
  /** When a sweep looks at it next; absent if none does. */
  checkAtMs?: number;
}

export function deriveCreated(node: NodeRecord, profile: NodeProfile, nowMs: number): DerivedNode {
  return { facts: factsOf({ node, profile }), move: moveOf({ node, nowMs }), changes: changesOfCreation(node) };
}

/** Of a node whose record was replaced by that of `sources`. */
export function deriveReplaced(sources: NodeSources, nodeBefore: NodeRecord, nowMs: number): DerivedNode {
  const { node, last, before } = sources;
  const isHeardAsBefore = approvalOf(node) === approvalOf(nodeBefore);
  return {
    facts: factsOfSources(sources),
    ...(!isHeardAsBefore && { move: moveOf({ node, last, before: before.state, nowMs }) }),
    changes: changesOfReplacement(nodeBefore, node),
  };
}

/** Of a node whose profile was replaced by that of `sources`. */
export function deriveProfiled(sources: NodeSources, profileBefore: NodeProfile): DerivedNode {
  return { facts: factsOfSources(sources), changes: changesOfProfile(profileBefore, sources.profile) };
}

/** Of a node whose reports were kept that are in `sources`. */
export function deriveReported(sources: NodeSources, { heard }: FactsChange): DerivedNode {
  const { node, last, before } = sources;
  const facts = factsOfSources(sources);
  // Facts of another version differ for another reason.
  const factChanges = before.version === FACTS_VERSION ? changesOfFacts(before.facts, facts) : [];
  if (!heard || !last) return { facts, changes: factChanges };
  const move = moveOf({ node, last, before: before.state, nowMs: last.receivedAtMs });
  const { atMs, lastHeartbeatAtMs } = heard;
  return { facts, move, changes: [...factChanges, ...stateChanges(before.state, move.state, atMs, lastHeartbeatAtMs)] };
}

/** The facts of a node whose facts another version has derived, or none. */
export function deriveAnew(sources: NodeSources): DerivedNode {
  return { facts: factsOfSources(sources), changes: [] };
}

export interface SweptSources extends HeardNode {
  before: NodeState;
  /** As it was noted with the state. */
  quietSinceMs: number;
}

/** What a sweep finds of a node. If it is heard again and that was not noted, the last heartbeat is not the first one since. */
export function deriveSwept(heard: SweptSources): { move: NodeMove; changes: NodeChange[] } {
  const { before, quietSinceMs, nowMs, last } = heard;
  const move = moveOf(heard);
  const changes =
    move.state === 'online' && last
      ? stateChanges(before, move.state, last.receivedAtMs, quietSinceMs)
      : stateChanges(before, move.state, nowMs, last?.receivedAtMs);
  return { move, changes };
}

function factsOfSources({ node, status, profile, last, before }: NodeSources): NodeFacts {
  const { storage, isClockOff } = last ?? {};
  return factsOf({ node, status, profile, freeStoragePercent: storage?.freePercent, isClockOff, before: before.facts });
}

function moveOf(heard: HeardNode): NodeMove {
  const state = nodeStateOf(heard);
  const checkAtMs = nextCheckAtMs(state, heard);
  return {
    state,
    quietSinceMs: quietSince(state, heard.last?.receivedAtMs),
    ...(checkAtMs !== undefined && { checkAtMs }),
  };
}

function stateChanges(from: NodeState, to: NodeState, nowMs: number, lastHeartbeatAtMs?: number): NodeChange[] {
  if (!isReportedState(from) || !isReportedState(to)) return [];
  const change = changeOfState({ from, to, lastHeartbeatAtMs, nowMs });
  return change ? [change] : [];
}
