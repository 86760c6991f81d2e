import { AUDIT_EVENTS_KEPT_MS, EVERYDAY_EVENTS_KEPT_MS } from '../../events/audit.js';
import { DELIVERIES_KEPT_MS } from '../../fleet-store/webhook.js';
import { JOBS_KEPT_MS, UNCONFIRMED_JOBS_KEPT_MS } from '../records/bulk-rows.js';
import { DRAFTS_KEPT_MS, ROLLOUTS_KEPT_MS } from '../records/rollout-rules.js';
import { COMMANDS_KEPT_MS, type NodeStore, type NodeCounts } from '../../fleet/node-store.js';
import { type HistoryKept, type HistoryResolution, oldestSlotMs } from '../../fleet/history.js';
import { MAINTENANCES_KEPT_MS } from '../records/maintenance-rows.js';
import type { Database } from './database.js';
import { createHistoryPartitions } from './history-partitions.js';
import { type Statement, statements } from './statement.js';

type FleetOperations = Pick<NodeStore, 'cloudlyId' | 'probe' | 'countNodes' | 'tidy'>;

export function createFleetOperations(database: Database, schema: string, historyKept: HistoryKept): FleetOperations {
  const { query } = database;
  const fleet = fleetStatements(schema);
  const tidyPartitions = createHistoryPartitions(database, schema, historyKept);

  const drop = async (statement: Statement, values: readonly unknown[], max = DROPPED_AT_ONCE): Promise<boolean> => {
    const [row] = await query<{ dropped: number }>(statement, [...values, max]);
    return row?.dropped === max;
  };

  return {
    async cloudlyId() {
      const [row] = await query<{ cloudly_id: string }>(fleet.cloudlyId);
      return String(row?.cloudly_id);
    },

    async probe(nowMs) {
      await query(fleet.probe, [nowMs]);
    },

    async countNodes(nowMs) {
      const [counts] = await query<NodeCounts>(fleet.countNodes, [nowMs]);
      return counts ?? { active: 0, online: 0, pending: 0, revoked: 0 };
    },

    async tidy(nowMs) {
      const detailFromMs = oldestSlotMs(nowMs, 'detail', historyKept);
      const hoursFromMs = oldestSlotMs(nowMs, 'hours', historyKept);
      await query(fleet.noteOldest, [detailFromMs, hoursFromMs]);
      await query(fleet.dropMaintenances, [nowMs - MAINTENANCES_KEPT_MS]);
      const isMore = [
        await drop(fleet.dropCommands, [nowMs - COMMANDS_KEPT_MS]),
        await drop(fleet.dropEvents, [false, nowMs - EVERYDAY_EVENTS_KEPT_MS]),
        await drop(fleet.dropEvents, [true, nowMs - AUDIT_EVENTS_KEPT_MS]),
        await drop(fleet.dropDeliveries, [nowMs - DELIVERIES_KEPT_MS]),
        await drop(fleet.dropJobs, [nowMs - UNCONFIRMED_JOBS_KEPT_MS, nowMs - JOBS_KEPT_MS], JOBS_DROPPED_AT_ONCE),
        await drop(fleet.dropMembers, [nowMs - DRAFTS_KEPT_MS, nowMs - ROLLOUTS_KEPT_MS]),
        await drop(fleet.dropRollouts, [nowMs - DRAFTS_KEPT_MS, nowMs - ROLLOUTS_KEPT_MS]),
        await drop(fleet.dropDetailRest, [detailFromMs]),
        await drop(fleet.dropHoursRest, [hoursFromMs]),
        await tidyPartitions(nowMs),
      ];
      return isMore.includes(true);
    },
  };
}

const DROPPED_AT_ONCE = 1000;

/** A job has a row for each of its nodes. */
const JOBS_DROPPED_AT_ONCE = 10;

function fleetStatements(schema: string) {
  const isOldRollout = `(rollout.state = 'draft' AND created_at_ms <= $1 OR ended_at_ms <= $2)`;
  return statements('fleet', {
    cloudlyId: `SELECT cloudly_id FROM ${schema}.cloudly`,
    probe: `UPDATE ${schema}.cloudly SET probed_at_ms = $1`,

    // An approval comes before the first heartbeat, and is never taken back.
    countNodes: `
      SELECT
        (SELECT count(*) FROM ${schema}.node WHERE approved_at_ms IS NOT NULL AND revoked_at_ms IS NULL) AS active,
        (SELECT count(*) FROM ${schema}.presence WHERE accepted_boot_id IS NOT NULL AND expected_by_ms > $1) AS online,
        (SELECT count(*) FROM ${schema}.node WHERE approved_at_ms IS NULL AND revoked_at_ms IS NULL) AS pending,
        (SELECT count(*) FROM ${schema}.node WHERE revoked_at_ms IS NOT NULL) AS revoked`,

    // Rows that another transaction has locked are left for later, so this never waits.
    dropCommands: `
      WITH old AS MATERIALIZED (
        SELECT position FROM ${schema}.command WHERE expires_at_ms <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED
      ), dropped AS (
        DELETE FROM ${schema}.command USING old WHERE command.position = old.position RETURNING 1
      )
      SELECT count(*) AS dropped FROM dropped`,
    dropEvents: `
      WITH old AS MATERIALIZED (
        SELECT position FROM ${schema}.event WHERE is_audit = $1 AND at_ms <= $2 LIMIT $3 FOR UPDATE SKIP LOCKED
      ), dropped AS (
        DELETE FROM ${schema}.event USING old WHERE event.position = old.position RETURNING 1
      )
      SELECT count(*) AS dropped FROM dropped`,
    dropDeliveries: `
      WITH old AS MATERIALIZED (
        SELECT number FROM ${schema}.webhook_delivery WHERE created_at_ms <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED
      ), dropped AS (
        DELETE FROM ${schema}.webhook_delivery AS delivery USING old WHERE delivery.number = old.number RETURNING 1
      )
      SELECT count(*) AS dropped FROM dropped`,
    // There are few.
    dropMaintenances: `DELETE FROM ${schema}.maintenance WHERE until_ms <= $1`,
    dropJobs: `
      WITH old AS MATERIALIZED (
        SELECT id FROM ${schema}.bulk_job
        WHERE created_at_ms <= CASE WHEN confirmed_at_ms IS NULL THEN $1::bigint ELSE $2::bigint END
        ORDER BY created_at_ms LIMIT $3 FOR UPDATE SKIP LOCKED
      ), dropped AS (
        DELETE FROM ${schema}.bulk_job USING old WHERE bulk_job.id = old.id RETURNING 1
      )
      SELECT count(*) AS dropped FROM dropped`,
    dropMembers: `
      WITH old AS MATERIALIZED (
        SELECT rollout_id, node_id FROM ${schema}.rollout_node JOIN ${schema}.rollout ON rollout.id = rollout_id
        WHERE ${isOldRollout} LIMIT $3 FOR UPDATE OF rollout_node SKIP LOCKED
      ), dropped AS (
        DELETE FROM ${schema}.rollout_node AS member USING old
        WHERE member.rollout_id = old.rollout_id AND member.node_id = old.node_id RETURNING 1
      )
      SELECT count(*) AS dropped FROM dropped`,
    dropRollouts: `
      WITH old AS MATERIALIZED (
        SELECT id FROM ${schema}.rollout
        WHERE ${isOldRollout} AND NOT EXISTS (SELECT FROM ${schema}.rollout_node WHERE rollout_id = rollout.id)
        LIMIT $3 FOR UPDATE SKIP LOCKED
      ), dropped AS (
        DELETE FROM ${schema}.rollout USING old WHERE rollout.id = old.id RETURNING 1
      )
      SELECT count(*) AS dropped FROM dropped`,
    dropDetailRest: dropRest(schema, 'detail'),
    dropHoursRest: dropRest(schema, 'hours'),
    noteOldest: `
      UPDATE ${schema}.cloudly SET detail_from_ms = $1, hours_from_ms = $2
      WHERE detail_from_ms <> $1 OR hours_from_ms <> $2`,
  });
}

/** What came before its partition was there. */
function dropRest(schema: string, resolution: HistoryResolution): string {
  const rest = `history_${resolution}_rest`;
  return `
      WITH old AS MATERIALIZED (
        SELECT node_id, start_ms FROM ${schema}.${rest} WHERE start_ms < $1 LIMIT $2 FOR UPDATE SKIP LOCKED
      ), dropped AS (
        DELETE FROM ${schema}.${rest} AS rest USING old
        WHERE rest.node_id = old.node_id AND rest.resolution = '${resolution}' AND rest.start_ms = old.start_ms
        RETURNING 1
      )
      SELECT count(*) AS dropped FROM dropped`;
}
