import type { NodeChange } from '../../events/fleet-event.js';
import { FACTS_VERSION } from '../../facts/node-facts.js';
import type { HistoryKept } from '../../fleet/history.js';
import type { JoinTokenRecord } from '../../fleet/join-token-record.js';
import { isInScope } from '../../selector/matches.js';
import { type Behalf, type Occasion } from '../records/behalf.js';
import { nodeEvents } from '../records/node-events.js';
import type { DerivedNode, NodeMove } from '../records/derive-node.js';
import type { NodeSources } from '../records/node-sources.js';
import type { EventLog } from './event-log.js';
import type { NodeEntries } from './node-entries.js';
import type { NodeEntry } from './node-entry.js';

/** The data of a fleet. */
export interface MemoryFleet {
  joinTokens: Map<string, JoinTokenRecord>;
  nodes: NodeEntries;
  events: EventLog;
  historyKept: HistoryKept;
}

/** The node, if it is in scope. */
export function findEntry({ nodes }: MemoryFleet, { scope }: Behalf, nodeId: string): NodeEntry | undefined {
  const entry = nodes.find(nodeId);
  return entry && isInScope(scope, entry.profile.labels) ? entry : undefined;
}

/** What the facts of a node are derived from. */
export function sourcesOf({ node, profile, status, last, facts, state }: NodeEntry): NodeSources {
  return {
    node,
    profile,
    ...(status && { status: status.status }),
    ...(last && { last }),
    before: { facts, version: FACTS_VERSION, state },
  };
}

/** Keeps what is derived of a node, and tells its events. */
export function keepDerived(
  fleet: MemoryFleet,
  entry: NodeEntry,
  { facts, move, changes }: DerivedNode,
  occasion: Occasion & { behalf: Behalf },
): void {
  entry.facts = facts;
  if (move) keepMove(entry, move);
  tellChanges(fleet, entry, changes, occasion);
}

export function keepMove(entry: NodeEntry, { state, quietSinceMs, checkAtMs }: NodeMove): void {
  Object.assign(entry, { state, quietSinceMs, checkAtMs });
}

/** Tells what has happened to a node. */
export function tellChanges(
  { events }: MemoryFleet,
  { node }: NodeEntry,
  changes: readonly NodeChange[],
  { behalf, ...occasion }: Occasion & { behalf: Behalf },
): void {
  const { nodeId, registeredAtMs } = node;
  events.tell(nodeEvents(behalf, nodeId, changes, occasion), registeredAtMs);
}
