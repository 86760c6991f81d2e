import { canonicalJson } from '../fleet/canonical-json.js';
import type { BulkAction } from '../fleet/bulk-action.js';
import type { BulkJob, BulkProgress, BulkResult } from '../fleet-store/bulk-job.js';
import type { BulkResultQuery } from '../fleet-store/fleet-store.js';
import { labelKeyMistake, labelValueMistake } from '../selector/label-rules.js';
import { type Call, requireLimit, requireRole } from './call.js';
import { requireOrder } from './command-node.js';
import { requireUpdatesMode } from './decide-node.js';
import type { BulkPreview, Fleet, LabelChanges } from './fleet.js';
import { FleetError } from './fleet-error.js';
import { fleetRoles } from './fleet-roles.js';
import { readSelector } from './read-selector.js';
import { requireUuid } from './require-uuid.js';
import { requireFreeLabels } from './scoped-labels.js';

const CONFIRM_WITHIN_MS = 600_000;
const NODES_MAX = 100_000;
const RESULTS = 100;
const RESULTS_MAX = 1000;

/** The call of one node that each action is. */
const callsOf: Readonly<Record<BulkAction['kind'], keyof Fleet>> = {
  approve: 'approve',
  revoke: 'revoke',
  unrevoke: 'unrevoke',
  forget: 'forget',
  'rotate-token': 'rotateToken',
  'set-updates': 'setUpdatesMode',
  label: 'label',
  command: 'queueCommand',
};

export async function previewBulk(call: Call, preview: BulkPreview): Promise<BulkJob> {
  const { caller, nowMs, store } = call;
  const { id = globalThis.crypto.randomUUID(), action, selector } = preview;
  requireUuid(id);
  await requireAction(call, action);
  const asked: Omit<BulkJob, 'nodeCount'> = {
    id,
    createdAtMs: nowMs,
    actor: caller.actor,
    role: caller.role === 'admin' ? 'admin' : 'operate',
    ...(caller.scope && { scope: caller.scope }),
    action,
    selector,
    confirmUntilMs: nowMs + CONFIRM_WITHIN_MS,
  };
  const job = await store.addBulkJob(asked, readSelector(selector), NODES_MAX);
  if (!job) {
    throw new FleetError('job-too-large', `The selector matches more than ${NODES_MAX} nodes`, {
      remedy: 'Select fewer, and repeat it for the others.',
    });
  }
  if (contentOf(job) === contentOf(asked)) return job;
  throw new FleetError('id-taken', `There is another job with the ID ${id}`, { remedy: 'Choose another ID.' });
}

function contentOf({ actor, role, scope, action, selector }: Omit<BulkJob, 'nodeCount'>): string {
  return canonicalJson({ actor, role, scope, action, selector });
}

/** What would fail with every node is refused before there is a job. */
async function requireAction(call: Call, action: BulkAction): Promise<void> {
  requireRole(call, fleetRoles[callsOf[action.kind]], `${action.kind} nodes`);
  if (action.kind === 'set-updates') requireUpdatesMode(action.updatesMode);
  if (action.kind === 'command') requireOrder(call, action.order);
  if (action.kind === 'label') await requireLabelChanges(call, action.labels);
}

async function requireLabelChanges(call: Call, labels: LabelChanges): Promise<void> {
  for (const [key, value] of Object.entries(labels)) {
    const mistake = labelKeyMistake(key) ?? labelValueMistake(value ?? '');
    if (mistake !== undefined) throw new FleetError('label-invalid', mistake, { remedy: 'Change the label.' });
  }
  await requireFreeLabels(call, Object.keys(labels));
}

export async function confirmBulk(call: Call, jobId: string, typedCount: number): Promise<BulkJob> {
  const { job } = await requireOwnJob(call, jobId);
  if (typedCount !== job.nodeCount) {
    throw new FleetError('count-changed', `The job is about ${job.nodeCount} nodes, not ${typedCount}`, {
      remedy: 'Check which nodes it is about, and type their number again.',
    });
  }
  const confirmed = (await call.store.confirmBulkJob(jobId)) ?? throwUnknownJob(jobId);
  if (confirmed.confirmedAtMs !== undefined) return confirmed;
  throw new FleetError('job-expired', `The job was not confirmed within ${CONFIRM_WITHIN_MS / 60_000} minutes`, {
    remedy: 'Make another one: other nodes may match by now.',
  });
}

export async function stopBulk(call: Call, jobId: string): Promise<BulkProgress> {
  await requireOwnJob(call, jobId);
  await call.store.stopBulkJob(jobId);
  // A job that was stopped ends with the next results, even if there are none.
  await call.store.saveBulkResults(jobId, []);
  return bulkProgress(call, jobId);
}

export async function bulkProgress({ store }: Call, jobId: string): Promise<BulkProgress> {
  return (await store.findBulkJob(jobId)) ?? throwUnknownJob(jobId);
}

export async function bulkResults(
  call: Call,
  jobId: string,
  { limit = RESULTS, ...query }: Partial<BulkResultQuery> = {},
): Promise<BulkResult[]> {
  await bulkProgress(call, jobId);
  return call.store.listBulkResults(jobId, { ...query, limit: requireLimit(limit, RESULTS_MAX) });
}

export async function listBulk({ store }: Call, limit: number = RESULTS): Promise<BulkProgress[]> {
  return store.listBulkJobs(requireLimit(limit, RESULTS_MAX));
}

/** A job does what its creator may do, so nobody else with a lower role than admin begins, carries out or stops it. */
export async function requireOwnJob(call: Call, jobId: string): Promise<BulkProgress> {
  const progress = await bulkProgress(call, jobId);
  if (progress.job.actor !== call.caller.actor) requireRole(call, 'admin', 'decide about a job of somebody else');
  return progress;
}

function throwUnknownJob(jobId: string): never {
  throw new FleetError('job-unknown', `There is no job ${jobId}`, {
    remedy: 'List the jobs. They are kept for 90 days, and for one day if they were not confirmed.',
  });
}
