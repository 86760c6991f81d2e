import type { BulkJob, BulkProgress, BulkResult } from '../fleet-store/bulk-job.js';
import { bulkNode } from './bulk-node.js';
import { bulkProgress, requireOwnJob } from './bulk.js';
import { type Call, requireLimit } from './call.js';
import type { RunBulkOptions } from './fleet.js';

const BATCH = 50;
const BATCH_MAX = 1000;
/** How long a process has for a batch before others take its nodes, too. */
const LEASE_MS = 60_000;
/** So many nodes at once, because most of the time of each is the way to the database. */
const LANES = 8;

export async function runBulk(call: Call, jobId: string, options: RunBulkOptions = {}): Promise<BulkProgress> {
  const { onProgress, signal, batch = BATCH } = options;
  requireLimit(batch, BATCH_MAX);
  const { job } = await requireOwnJob(call, jobId);
  for (;;) {
    if (signal?.aborted) break;
    const work = onBehalf(call, job);
    const nodeIds = await work.store.takeBulkNodes(jobId, batch, work.nowMs + LEASE_MS);
    if (nodeIds.length === 0) break;
    let results: readonly BulkResult[] = [];
    for (let start = 0; start < nodeIds.length; start += LANES) {
      const lanes = nodeIds.slice(start, start + LANES);
      // What has become of the nodes before is kept meanwhile, on SQLite with one wait for the disk.
      const saved = results.length > 0 ? work.store.saveBulkResults(jobId, results) : undefined;
      [results] = await Promise.all([Promise.all(lanes.map((nodeId) => bulkNode(work, job, nodeId))), saved]);
    }
    await work.store.saveBulkResults(jobId, results);
    onProgress?.(await bulkProgress(call, jobId));
  }
  return bulkProgress(call, jobId);
}

/** What the creator of the job does now, with a batch. */
function onBehalf(call: Call, { actor, role, scope }: BulkJob): Call {
  const caller = { actor, role, ...(scope && { scope }) };
  const nowMs = call.now();
  const store = call.fleet.as({ actor, nowMs, scope });
  return { ...call, caller, nowMs, store, scopedLabelKeys: readOnce(call.scopedLabelKeys) };
}

/** Reads when it is first asked, because a batch that labels nodes asks for each of them. */
function readOnce<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let reading: Promise<Value> | undefined;
  return () => (reading ??= read());
}
