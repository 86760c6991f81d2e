import type { OperatorStore } from '../../fleet-store/fleet-store.js';
import { type Behalf, instantOf, writtenEvent } from '../records/behalf.js';
import { confirmJob, endJob, isRunning, type JobChange, stopJob } from '../records/bulk-changes.js';
import type { BulkOperations } from '../records/store-operations.js';
import { type BulkEntry, type BulkWork, progressOf } from './bulk-work.js';
import { copy } from './copy.js';
import type { EventLog } from './event-log.js';

/** @param list the nodes that a selector matches, in the order of their IDs */
export function createBulkOperations(
  { jobs }: BulkWork,
  { tell }: EventLog,
  { list, behalf }: { list: OperatorStore['listFleet']; behalf: Behalf },
): BulkOperations {
  const nowMs = instantOf(behalf);
  const isVisible = ({ job }: BulkEntry): boolean => !behalf.scope || job.actor === behalf.actor;
  const find = (jobId: string): BulkEntry | undefined => {
    const entry = jobs.get(jobId);
    return entry && isVisible(entry) ? entry : undefined;
  };
  const keep = (entry: BulkEntry, { job, told }: JobChange): void => {
    entry.job = job;
    tell(told.map((body) => writtenEvent(behalf, body)));
  };
  const change = (jobId: string, decide: (entry: BulkEntry) => JobChange) => {
    const entry = find(jobId);
    if (entry) keep(entry, decide(entry));
    return copy(entry?.job);
  };

  return {
    async addBulkJob(asked, selector, nodesMax) {
      const known = jobs.get(asked.id);
      if (known) return copy(known.job);
      const { nodes, next } = await list({ selector, sort: { by: 'id', isDescending: false }, limit: nodesMax });
      if (next) return undefined;
      const job = { ...copy(asked), nodeCount: nodes.length };
      jobs.set(job.id, { job, nodes: new Map(nodes.map(({ facts }) => [facts.nodeId, { leaseUntilMs: 0 }])) });
      return copy(job);
    },

    async findBulkJob(jobId) {
      const entry = find(jobId);
      return entry && copy(progressOf(entry, nowMs));
    },

    listBulkJobs: async (limit) =>
      [...jobs.values()]
        .filter(isVisible)
        .toReversed()
        .toSorted((one, other) => other.job.createdAtMs - one.job.createdAtMs)
        .slice(0, limit)
        .map((entry) => copy(progressOf(entry, nowMs))),

    confirmBulkJob: async (jobId) => change(jobId, ({ job }) => confirmJob(job, nowMs)),

    stopBulkJob: async (jobId) => change(jobId, ({ job }) => stopJob(job, nowMs)),

    async takeBulkNodes(jobId, limit, leaseUntilMs) {
      const entry = find(jobId);
      if (!entry || !isRunning(entry.job)) return [];
      const free = [...entry.nodes].filter(([, node]) => !node.result && node.leaseUntilMs <= nowMs).slice(0, limit);
      for (const [, node] of free) node.leaseUntilMs = leaseUntilMs;
      return free.map(([nodeId]) => nodeId);
    },

    async saveBulkResults(jobId, results) {
      const entry = find(jobId);
      if (!entry) return;
      for (const result of results) {
        const node = entry.nodes.get(result.nodeId);
        if (node) node.result ??= copy(result);
      }
      keep(entry, endJob(progressOf(entry, nowMs), nowMs));
    },

    async listBulkResults(jobId, { outcome, afterNodeId = '', limit }) {
      const results = [...(find(jobId)?.nodes.values() ?? [])].flatMap(({ result }) => (result ? [result] : []));
      return results
        .filter((result) => result.nodeId > afterNodeId && (outcome === undefined || result.outcome === outcome))
        .slice(0, limit)
        .map(copy);
    },
  };
}
