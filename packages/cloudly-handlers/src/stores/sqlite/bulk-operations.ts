import type { BulkJob, BulkOutcome } from '../../fleet-store/bulk-job.js';
import { sqliteDialect } from '../lists/dialect.js';
import { selectedIds } from '../lists/node-lists.js';
import { statementOf } from '../lists/sql.js';
import { type Behalf, instantOf, writtenEvent } from '../records/behalf.js';
import { confirmJob, endJob, isRunning, type JobChange, stopJob } from '../records/bulk-changes.js';
import {
  bulkProgressOf,
  bulkResultOf,
  type BulkResultRow,
  jobColumns,
  jobOf,
  jobRowColumns,
  type ProgressRow,
} from '../records/bulk-rows.js';
import type { BulkOperations } from '../records/store-operations.js';
import type { Database } from './database.js';
import type { FleetDatabase } from './fleet-database.js';

/** So many are kept in some milliseconds. */
const FROZEN_AT_ONCE = 2000;

interface FoundJobRow extends ProgressRow {
  /** By which its nodes know it. */
  own_id: string;
}

export function createBulkOperations(database: FleetDatabase) {
  const { prepare, read, readAside, write, tell } = database;
  const jobs = jobStatements(prepare);
  const nodes = nodeStatements(prepare);

  return (behalf: Behalf): BulkOperations => {
    const nowMs = instantOf(behalf);
    // With a scope, only what they themselves have begun.
    const actor = behalf.scope === undefined ? null : (behalf.actor ?? null);
    const find = (id: string) => jobs.find.get({ id, actor, now_ms: nowMs });

    /** Keeps what becomes of a job. */
    const keep = ({ job, told }: JobChange): BulkJob => {
      const { id, confirmed_at_ms, stopped_at_ms, ended_at_ms } = jobColumns(job);
      if (told.length > 0) jobs.update.run({ id, confirmed_at_ms, stopped_at_ms, ended_at_ms });
      tell(told.map((body) => writtenEvent(behalf, body)));
      return job;
    };

    /** Resolves with the job that there is, once all of its nodes are kept: so many at a time, because others wait meanwhile. */
    const freeze = async (job: BulkJob, nodeIds: readonly string[]): Promise<BulkJob> => {
      const ownId = globalThis.crypto.randomUUID();
      for (let start = 0; ; start += FROZEN_AT_ONCE) {
        const piece = nodeIds.slice(start, start + FROZEN_AT_ONCE);
        const frozen = await write(() => {
          const before = find(job.id);
          if (before) return jobOf(before);
          if (start === 0) jobs.insert.run({ ...jobColumns(job), id: ownId });
          nodes.insert.run(ownId, JSON.stringify(piece));
          if (start + FROZEN_AT_ONCE < nodeIds.length) return undefined;
          jobs.finish.run(job.id, ownId);
          return job;
        });
        if (frozen) return frozen;
      }
    };

    return {
      async addBulkJob(job, selector, nodesMax) {
        const known = await read(() => find(job.id));
        if (known) return jobOf(known);
        const { text, values } = statementOf(
          selectedIds(sqliteDialect, selector, { nowMs, scope: behalf.scope }, nodesMax + 1),
          sqliteDialect.placeholder,
        );
        const matching = await readAside<{ node_id: string }>(text, values);
        if (matching.length > nodesMax) return undefined;
        const nodeIds = matching.map(({ node_id }) => node_id);
        return freeze({ ...job, nodeCount: nodeIds.length }, nodeIds);
      },

      findBulkJob: (jobId) =>
        read(() => {
          const row = find(jobId);
          return row && bulkProgressOf(row);
        }),

      listBulkJobs: (limit) => read(() => jobs.list.all({ actor, now_ms: nowMs, limit }).map(bulkProgressOf)),

      confirmBulkJob: (jobId) =>
        write(() => {
          const row = find(jobId);
          return row && keep(confirmJob(jobOf(row), nowMs));
        }),

      stopBulkJob: (jobId) =>
        write(() => {
          const row = find(jobId);
          return row && keep(stopJob(jobOf(row), nowMs));
        }),

      takeBulkNodes: (jobId, limit, leaseUntilMs) =>
        write(() => {
          const row = find(jobId);
          if (!row || !isRunning(jobOf(row))) return [];
          const taken = nodes.take.all({ job_id: row.own_id, now_ms: nowMs, until_ms: leaseUntilMs, limit });
          return taken.map(({ node_id }) => node_id).toSorted();
        }),

      saveBulkResults: (jobId, results) =>
        write(() => {
          const found = find(jobId);
          if (!found) return;
          const counts: Record<BulkOutcome, number> = { done: 0, failed: 0, skipped: 0 };
          for (const { nodeId, outcome, reason } of results) {
            if (nodes.save.run(outcome, reason ?? null, found.own_id, nodeId).changes === 1) counts[outcome] += 1;
          }
          jobs.count.run({ id: jobId, ...counts });
          const row = find(jobId);
          if (row) keep(endJob(bulkProgressOf(row), nowMs));
        }),

      listBulkResults: (jobId, { outcome, afterNodeId = '', limit }) =>
        read(() => {
          const found = find(jobId);
          if (!found) return [];
          const page = { job_id: found.own_id, outcome: outcome ?? null, afterNodeId, limit };
          return nodes.results.all(page).map(bulkResultOf);
        }),
    };
  };
}

function jobStatements(prepare: Database['prepare']) {
  const mine = '(:actor IS NULL OR actor = :actor)';
  const progress = `
    SELECT id AS own_id, ${jobRowColumns}, done_count, failed_count, skipped_count, (
      SELECT count(*) FROM bulk_node WHERE job_id = bulk_job.id AND outcome IS NULL AND lease_until_ms > :now_ms
    ) AS begun_count
    FROM bulk_job`;

  return {
    insert: prepare(`
    INSERT INTO bulk_job (
      id, created_at_ms, actor, confirm_until_ms, confirmed_at_ms, stopped_at_ms, ended_at_ms, node_count, record
    ) VALUES (
      :id, :created_at_ms, :actor, :confirm_until_ms, :confirmed_at_ms, :stopped_at_ms, :ended_at_ms, :node_count, :record
    )`),
    finish: prepare('UPDATE bulk_job SET asked_id = ? WHERE id = ?'),
    find: prepare<FoundJobRow>(`${progress} WHERE asked_id = :id AND ${mine}`),
    list: prepare<FoundJobRow>(`
    ${progress} WHERE asked_id IS NOT NULL AND ${mine}
    ORDER BY created_at_ms DESC, rowid DESC LIMIT :limit`),
    update: prepare(`
    UPDATE bulk_job SET
      confirmed_at_ms = :confirmed_at_ms, stopped_at_ms = :stopped_at_ms, ended_at_ms = :ended_at_ms
    WHERE asked_id = :id`),
    count: prepare(`
    UPDATE bulk_job SET
      done_count = done_count + :done, failed_count = failed_count + :failed, skipped_count = skipped_count + :skipped
    WHERE asked_id = :id`),
  };
}

function nodeStatements(prepare: Database['prepare']) {
  return {
    insert: prepare('INSERT INTO bulk_node (job_id, node_id) SELECT ?, value FROM json_each(?)'),
    take: prepare<{ node_id: string }>(`
    UPDATE bulk_node SET lease_until_ms = :until_ms
    WHERE job_id = :job_id AND node_id IN (
      SELECT node_id FROM bulk_node WHERE job_id = :job_id AND outcome IS NULL AND lease_until_ms <= :now_ms
      ORDER BY lease_until_ms, node_id LIMIT :limit
    )
    RETURNING node_id`),
    save: prepare('UPDATE bulk_node SET outcome = ?, reason = ? WHERE job_id = ? AND node_id = ? AND outcome IS NULL'),
    results: prepare<BulkResultRow>(`
    SELECT node_id, outcome, reason FROM bulk_node
    WHERE job_id = :job_id AND node_id > :afterNodeId AND outcome IS NOT NULL AND (:outcome IS NULL OR outcome = :outcome)
    ORDER BY node_id LIMIT :limit`),
  };
}
