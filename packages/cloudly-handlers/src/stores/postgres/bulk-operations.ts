import type { BulkOutcome } from '../../fleet-store/bulk-job.js';
import { type Behalf, instantOf, writtenEvent } from '../records/behalf.js';
import { confirmJob, endJob, isRunning, type JobChange, stopJob } from '../records/bulk-changes.js';
import {
  bulkProgressOf,
  bulkResultOf,
  type BulkResultRow,
  jobColumns,
  jobOf,
  type ProgressRow,
} from '../records/bulk-rows.js';
import type { BulkOperations } from '../records/store-operations.js';
import { postgresDialect } from '../lists/dialect.js';
import { frozenNodes } from '../lists/node-lists.js';
import { statementOf } from '../lists/sql.js';
import { bulkStatements } from './bulk-statements.js';
import { saveRows } from './save-rows.js';
import type { Telling, TellingQueries } from './telling.js';

/**
 * Jobs, of which any process may do a part: it takes nodes with a lease, and another one takes them again if that ends without
 * a result.
 */
export function createBulkOperations({ query, transaction }: Telling, schema: string) {
  const bulk = bulkStatements(schema);
  const dialect = postgresDialect(schema);

  return (behalf: Behalf): BulkOperations => {
    const nowMs = instantOf(behalf);
    /** With a scope, only jobs of the same actor are there. */
    const ofActor = behalf.scope ? (behalf.actor ?? null) : null;

    const lock = async (queries: TellingQueries, jobId: string): Promise<ProgressRow | undefined> =>
      (await queries.query<ProgressRow>(bulk.lock, [jobId, ofActor, nowMs]))[0];

    const keep = async (queries: TellingQueries, { job, told }: JobChange): Promise<void> => {
      if (told.length === 0) return;
      const { id, confirmed_at_ms, stopped_at_ms, ended_at_ms } = jobColumns(job);
      await queries.query(bulk.update, [id, confirmed_at_ms, stopped_at_ms, ended_at_ms]);
      queries.tell(told.map((body) => writtenEvent(behalf, body)));
    };

    const change = (jobId: string, decide: (row: ProgressRow) => JobChange) =>
      transaction(async (queries) => {
        const row = await lock(queries, jobId);
        if (!row) return undefined;
        const decided = decide(row);
        await keep(queries, decided);
        return decided.job;
      });

    return {
      addBulkJob: (job, selector, nodesMax) =>
        transaction(async (queries) => {
          const added = await queries.query(bulk.add, Object.values(jobColumns({ ...job, nodeCount: 0 })));
          if (added.length === 0) {
            const known = await lock(queries, job.id);
            return known && jobOf(known);
          }
          const viewer = { nowMs, scope: behalf.scope };
          const freeze = frozenNodes(dialect, job.id, selector, viewer, nodesMax + 1);
          const { text, values } = statementOf(freeze, dialect.placeholder);
          const frozen = await queries.query({ text: `${text} RETURNING 1` }, values);
          if (frozen.length > nodesMax) {
            await queries.query(bulk.remove, [job.id]);
            return undefined;
          }
          const kept = { ...job, nodeCount: frozen.length };
          await queries.query(bulk.freeze, [kept.id, kept.nodeCount, jobColumns(kept).record]);
          return kept;
        }),

      async findBulkJob(jobId) {
        const [row] = await query<ProgressRow>(bulk.find, [jobId, ofActor, nowMs]);
        return row && bulkProgressOf(row);
      },

      listBulkJobs: async (limit) =>
        (await query<ProgressRow>(bulk.newest, [limit, ofActor, nowMs])).map(bulkProgressOf),

      confirmBulkJob: (jobId) => change(jobId, (row) => confirmJob(jobOf(row), nowMs)),

      stopBulkJob: (jobId) => change(jobId, (row) => stopJob(jobOf(row), nowMs)),

      takeBulkNodes: (jobId, limit, leaseUntilMs) =>
        transaction(async (queries) => {
          const row = await lock(queries, jobId);
          if (!row || !isRunning(jobOf(row))) return [];
          const taken = await queries.query<{ node_id: string }>(bulk.take, [jobId, nowMs, limit, leaseUntilMs]);
          return taken.map(({ node_id }) => node_id);
        }),

      saveBulkResults: (jobId, results) =>
        transaction(async (queries) => {
          const row = await lock(queries, jobId);
          if (!row) return;
          const first = new Map(results.toReversed().map((result) => [result.nodeId, result]));
          const rows = [...first.values()].map(({ nodeId, outcome, reason }) => ({
            jobId,
            nodeId,
            outcome,
            reason: reason ?? null,
          }));
          const kept = await saveRows<{ outcome: BulkOutcome }>(queries, bulk.save, rows);
          const countOf = (outcome: BulkOutcome): number => kept.filter((one) => one.outcome === outcome).length;
          const [done, failed, skipped] = [countOf('done'), countOf('failed'), countOf('skipped')];
          await queries.query(bulk.count, [jobId, done, failed, skipped]);
          const counts = {
            done: row.done_count + done,
            failed: row.failed_count + failed,
            skipped: row.skipped_count + skipped,
          };
          await keep(queries, endJob({ job: jobOf(row), ...counts }, nowMs));
        }),

      listBulkResults: async (jobId, { outcome, afterNodeId = '', limit }) => {
        const values = [jobId, ofActor, outcome ?? null, afterNodeId, limit];
        return (await query<BulkResultRow>(bulk.results, values)).map(bulkResultOf);
      },
    };
  };
}
