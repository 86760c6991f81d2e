import type { NodeChange } from '../../events/fleet-event.js';
import { factsOf } from '../../facts/facts-of.js';
import { nextCheckAtMs, nodeStateOf } from '../../facts/node-state.js';
import type { HistoryKept } from '../../fleet/history.js';
import type { JoinTokenRecord } from '../../fleet/join-token-record.js';
import { isInScope } from '../../selector/matches.js';
import { type Behalf, type Occasion, writtenEvent } from '../records/behalf.js';
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

/** Derives the facts of a node again. */
export function renewFacts(entry: NodeEntry): void {
  const { node, status, profile, last, facts: before } = entry;
  entry.facts = factsOf({
    node,
    status: status?.status,
    profile,
    freeStoragePercent: last?.storage?.freePercent,
    before,
  });
}

/** Finds where a node stands now. */
export function renewState(entry: NodeEntry, nowMs: number, upSinceMs?: number): void {
  const { node, last, state: before } = entry;
  entry.state = nodeStateOf({ node, last, before, nowMs, upSinceMs });
  entry.checkAtMs = nextCheckAtMs(entry.state, { last, nowMs, upSinceMs });
}

/** Tells what has happened to a node. */
export function tellChanges(
  { events }: MemoryFleet,
  { node }: NodeEntry,
  changes: readonly NodeChange[],
  { behalf, ...occasion }: Occasion & { behalf: Behalf },
): void {
  const { nodeId, registeredAtMs } = node;
  events.tell(
    changes.map((change) => writtenEvent(behalf, { nodeId, ...change }, occasion)),
    registeredAtMs,
  );
}
