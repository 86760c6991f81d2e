import { COMMANDS_KEPT_MS, type NodeStore, type NodeCounts } from '../../fleet/node-store.js';
import { type HistoryKept, oldestSlotMs } from '../../fleet/history.js';
import type { Database } from './database.js';

type FleetOperations = Pick<NodeStore, 'cloudlyId' | 'probe' | 'countNodes' | 'tidy'>;

export function createFleetOperations({ prepare, read, write }: Database, historyKept: HistoryKept): FleetOperations {
  const fleet = fleetStatements(prepare);

  return {
    cloudlyId: () => read(() => String(fleet.cloudlyId.get()?.cloudly_id)),

    probe: (nowMs) => write(() => void fleet.probe.run(nowMs)),

    countNodes: (nowMs) =>
      read(() => ({ active: 0, online: 0, pending: 0, revoked: 0, ...fleet.countNodes.get({ now_ms: nowMs }) })),

    tidy: (nowMs) =>
      write(() => {
        const dropped = [
          fleet.dropCommands.run(nowMs - COMMANDS_KEPT_MS, DROPPED_AT_ONCE),
          fleet.dropHistory.run('detail', oldestSlotMs(nowMs, 'detail', historyKept), DROPPED_AT_ONCE),
          fleet.dropHistory.run('hours', oldestSlotMs(nowMs, 'hours', historyKept), DROPPED_AT_ONCE),
        ];
        return dropped.some(({ changes }) => changes === DROPPED_AT_ONCE);
      }),
  };
}

/** Other requests wait meanwhile. */
const DROPPED_AT_ONCE = 1000;

function fleetStatements(prepare: Database['prepare']) {
  return {
    cloudlyId: prepare<{ cloudly_id: string }>('SELECT cloudly_id FROM cloudly'),
    probe: prepare('UPDATE cloudly SET probed_at_ms = ?'),

    // Each count is read from an index.
    countNodes: prepare<NodeCounts>(`
    SELECT
      (SELECT count(*) FROM node WHERE approved_at_ms IS NOT NULL AND revoked_at_ms IS NULL) AS active,
      (SELECT count(*) FROM presence WHERE accepted_boot_id IS NOT NULL AND expected_by_ms > :now_ms) AS online,
      (SELECT count(*) FROM node WHERE approved_at_ms IS NULL AND revoked_at_ms IS NULL) AS pending,
      (SELECT count(*) FROM node WHERE revoked_at_ms IS NOT NULL) AS revoked`),

    dropCommands: prepare(`
    DELETE FROM command WHERE position IN (SELECT position FROM command WHERE expires_at_ms <= ? LIMIT ?)`),
    dropHistory: prepare(`
    DELETE FROM history WHERE (node_id, resolution, start_ms) IN (
      SELECT node_id, resolution, start_ms FROM history WHERE resolution = ? AND start_ms < ? LIMIT ?
    )`),
  };
}
