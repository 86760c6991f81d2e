import { AUDIT_EVENTS_KEPT_MS, EVERYDAY_EVENTS_KEPT_MS } from '../../events/audit.js';
import { COMMANDS_KEPT_MS, type NodeStore, type NodeCounts } from '../../fleet/node-store.js';
import { type HistoryKept, oldestSlotMs } from '../../fleet/history.js';
import { DELIVERIES_KEPT_MS } from '../../fleet-store/webhook.js';
import { JOBS_KEPT_MS, UNCONFIRMED_JOBS_KEPT_MS } from '../records/bulk-rows.js';
import { MAINTENANCES_KEPT_MS } from '../records/maintenance-rows.js';
import { DRAFTS_KEPT_MS, ROLLOUTS_KEPT_MS } from '../records/rollout-rules.js';
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
          fleet.dropEvents.run(0, nowMs - EVERYDAY_EVENTS_KEPT_MS, DROPPED_AT_ONCE),
          fleet.dropEvents.run(1, nowMs - AUDIT_EVENTS_KEPT_MS, DROPPED_AT_ONCE),
          fleet.dropDeliveries.run(nowMs - DELIVERIES_KEPT_MS, DROPPED_AT_ONCE),
          fleet.dropJobNodes.run({ ...oldJobs(nowMs), limit: DROPPED_AT_ONCE }),
          fleet.dropMembers.run({ ...oldRollouts(nowMs), limit: DROPPED_AT_ONCE }),
        ];
        fleet.dropJobs.run(oldJobs(nowMs));
        fleet.dropMaintenances.run(nowMs - MAINTENANCES_KEPT_MS);
        fleet.dropRollouts.run(oldRollouts(nowMs));
        return dropped.some(({ changes }) => changes === DROPPED_AT_ONCE);
      }),
  };
}

function oldJobs(nowMs: number) {
  return { unconfirmed_ms: nowMs - UNCONFIRMED_JOBS_KEPT_MS, old_ms: nowMs - JOBS_KEPT_MS };
}

function oldRollouts(nowMs: number) {
  return { draft_ms: nowMs - DRAFTS_KEPT_MS, ended_ms: nowMs - ROLLOUTS_KEPT_MS };
}

/** Other requests wait meanwhile. */
const DROPPED_AT_ONCE = 1000;

function fleetStatements(prepare: Database['prepare']) {
  const isOldJob = '(created_at_ms <= :old_ms OR created_at_ms <= :unconfirmed_ms AND confirmed_at_ms IS NULL)';
  const isOldRollout = `(rollout.state = 'draft' AND created_at_ms <= :draft_ms OR ended_at_ms <= :ended_ms)`;

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
    dropEvents: prepare(`
    DELETE FROM event WHERE position IN (SELECT position FROM event WHERE is_audit = ? AND at_ms <= ? LIMIT ?)`),
    dropDeliveries: prepare(`
    DELETE FROM webhook_delivery WHERE number IN (
      SELECT number FROM webhook_delivery WHERE created_at_ms <= ? LIMIT ?
    )`),
    dropJobNodes: prepare(`
    DELETE FROM bulk_node WHERE rowid IN (
      SELECT bulk_node.rowid FROM bulk_node JOIN bulk_job ON id = job_id WHERE ${isOldJob} LIMIT :limit
    )`),
    dropMaintenances: prepare('DELETE FROM maintenance WHERE until_ms <= ?'),
    dropJobs: prepare(`
    DELETE FROM bulk_job WHERE ${isOldJob} AND NOT EXISTS (SELECT 1 FROM bulk_node WHERE job_id = id)`),
    dropMembers: prepare(`
    DELETE FROM rollout_node WHERE (rollout_id, node_id) IN (
      SELECT rollout_id, node_id FROM rollout_node JOIN rollout ON id = rollout_id WHERE ${isOldRollout} LIMIT :limit
    )`),
    dropRollouts: prepare(`
    DELETE FROM rollout WHERE ${isOldRollout} AND NOT EXISTS (SELECT 1 FROM rollout_node WHERE rollout_id = id)`),
  };
}
