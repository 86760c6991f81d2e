import { FACTS_VERSION } from '../../facts/node-facts.js';
import type { FleetStore, Sweep, SweptNode } from '../../fleet-store/fleet-store.js';
import { ofNodes } from '../records/behalf.js';
import { nodeEvents } from '../records/node-events.js';
import { deriveAnew } from '../records/derive-node.js';
import { sweepNode, sweptNode, type WatchedRow } from '../records/swept-node.js';
import type { Database } from './database.js';
import type { FactsKeeping } from './facts-keeping.js';
import type { FleetDatabase } from './fleet-database.js';

/** Requests wait meanwhile. */
const SWEPT_AT_ONCE = 200;
/** Each has its status read, which may be large. */
const DERIVED_AT_ONCE = 50;

export function createSweepOperations(
  { prepare, read, write, tell }: FleetDatabase,
  facts: FactsKeeping,
): Pick<FleetStore, 'sweep'> {
  const { due, older, isDue, isOlder } = sweepStatements(prepare);

  const lookAt = (row: WatchedRow, sweep: Omit<Sweep, 'limit'>): SweptNode[] => {
    const { nodeId, from, changes, ...move } = sweepNode(row, sweep);
    facts.keepMove(nodeId, move);
    tell(nodeEvents(ofNodes, nodeId, changes, { atMs: sweep.nowMs }));
    return sweptNode(nodeId, from, move.state);
  };

  const derive = (nodeId: string): void => {
    const sources = facts.sourcesOf(nodeId);
    if (sources) facts.keep(ofNodes, nodeId, deriveAnew(sources));
  };

  return {
    async sweep({ nowMs, upSinceMs, limit }) {
      const isAnything = await read(() => isDue.get(nowMs) !== undefined || isOlder.get(FACTS_VERSION) !== undefined);
      if (!isAnything) return { moved: [], isMore: false };
      return write(() => {
        const dueMax = Math.min(limit, SWEPT_AT_ONCE);
        const dueRows = due.all(nowMs, dueMax);
        const olderRows = older.all(FACTS_VERSION, Math.min(limit, DERIVED_AT_ONCE));
        const moved = dueRows.flatMap((row) => lookAt(row, { nowMs, upSinceMs }));
        for (const { node_id } of olderRows) derive(node_id);
        return { moved, isMore: dueRows.length === dueMax || olderRows.length > 0 };
      });
    },
  };
}

function sweepStatements(prepare: Database['prepare']) {
  return {
    isDue: prepare('SELECT 1 FROM node_watch WHERE check_at_ms <= ? LIMIT 1'),
    due: prepare<WatchedRow>(`
    SELECT node_watch.node_id, approved_at_ms, revoked_at_ms, state, quiet_since_ms, last_heartbeat
    FROM node_watch JOIN node USING (node_id) JOIN node_fact USING (node_id) JOIN presence USING (node_id)
    WHERE check_at_ms <= ? ORDER BY check_at_ms LIMIT ?`),
    isOlder: prepare('SELECT 1 FROM node_fact WHERE facts_version < ? LIMIT 1'),
    older: prepare<{ node_id: string }>('SELECT node_id FROM node_fact WHERE facts_version < ? LIMIT ?'),
  };
}
