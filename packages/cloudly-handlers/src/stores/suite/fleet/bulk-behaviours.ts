import type { BulkJob, BulkOutcome, BulkProgress } from '../../../fleet-store/bulk-job.js';
import type { FleetStore, OperatorStore } from '../../../fleet-store/fleet-store.js';
import { behaviour, type FleetStoreBehaviour, sharedBehaviour } from '../behaviour.js';
import { expectEqual } from '../expect-equal.js';
import { NOW_MS } from '../fixtures.js';
import {
  ADA,
  addLabelled,
  asAda,
  BEN,
  by,
  everyNode,
  lastPosition,
  scopeOf,
  tidyAll,
  toldSince,
} from './fleet-fixtures.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export const bulkBehaviours: readonly FleetStoreBehaviour[] = [
  behaviour('freezes which nodes a job is about', async (store: FleetStore) => {
    await addLabelled(store, 'a', { site: 'berlin' });
    await addLabelled(store, 'b', { site: 'bonn' });
    await addLabelled(store, 'c', { site: 'berlin' });
    const operator = asAda(store);
    const selector = scopeOf('site', 'berlin');
    const frozen = await operator.addBulkJob(job('j'), selector, 10);
    expectEqual('the job', frozen, { ...job('j'), nodeCount: 2 });
    await addLabelled(store, 'd', { site: 'berlin' });
    expectEqual('the same job again', await operator.addBulkJob(job('j', { createdAtMs: 1 }), everyNode, 10), frozen);
    expectEqual('of more nodes than it may have', await operator.addBulkJob(job('k'), everyNode, 3), undefined);
    expectEqual('which is not kept', await operator.findBulkJob('k'), undefined);
    expectEqual('found', await operator.findBulkJob('j'), progress(frozen, { waiting: 2 }));
    await operator.confirmBulkJob('j');
    expectEqual('its nodes', await takeAll(operator), ['a', 'c']);
  }),

  behaviour('begins a job that is confirmed in time, once', async (store: FleetStore) => {
    await addLabelled(store, 'a');
    await asAda(store).addBulkJob(job('j'), everyNode, 10);
    await asAda(store).addBulkJob(job('k'), everyNode, 10);
    expectEqual('before', await asAda(store).takeBulkNodes('j', 10, NOW_MS + HOUR_MS), []);
    const before = await lastPosition(store);
    const confirmed = { ...job('j'), nodeCount: 1, confirmedAtMs: NOW_MS + 1 };
    expectEqual('confirmed', await asAda(store, NOW_MS + 1).confirmBulkJob('j'), confirmed);
    expectEqual('again', await asAda(store, NOW_MS + 2).confirmBulkJob('j'), confirmed);
    const late = asAda(store, NOW_MS + HOUR_MS);
    expectEqual('too late', await late.confirmBulkJob('k'), { ...job('k'), nodeCount: 1 });
    expectEqual('what it does', await late.takeBulkNodes('k', 10, NOW_MS + DAY_MS), []);
    expectEqual('an unknown one', await late.confirmBulkJob('l'), undefined);
    expectEqual('what is told', await toldSince(store, before), [
      { actor: ADA, kind: 'bulk-begun', details: { jobId: 'j', action: 'approve', nodeCount: 1 } },
    ]);
  }),

  behaviour('gives a node to one worker at a time, and again when that one has left it', async (store: FleetStore) => {
    for (const nodeId of ['a', 'b', 'c']) await addLabelled(store, nodeId);
    await begin(store);
    const [now, later] = [asAda(store), asAda(store, NOW_MS + HOUR_MS)];
    expectEqual('two', await now.takeBulkNodes('j', 2, NOW_MS + HOUR_MS), ['a', 'b']);
    expectEqual('the rest', await now.takeBulkNodes('j', 2, NOW_MS + HOUR_MS), ['c']);
    expectEqual('none', await now.takeBulkNodes('j', 2, NOW_MS + HOUR_MS), []);
    expectEqual('those that wait', (await now.findBulkJob('j'))?.waiting, 0);
    await now.saveBulkResults('j', [{ nodeId: 'b', outcome: 'done' }]);
    expectEqual('those that wait later', (await later.findBulkJob('j'))?.waiting, 2);
    expectEqual('later', await later.takeBulkNodes('j', 10, NOW_MS + 2 * HOUR_MS), ['a', 'c']);
  }),

  behaviour('ends with the last result, of which the first of each node counts', async (store: FleetStore) => {
    for (const nodeId of ['a', 'b', 'c', 'd']) await addLabelled(store, nodeId);
    await begin(store);
    const operator = asAda(store);
    await operator.takeBulkNodes('j', 10, NOW_MS + HOUR_MS);
    const before = await lastPosition(store);
    await operator.saveBulkResults('j', [
      { nodeId: 'b', outcome: 'failed', reason: 'It is revoked' },
      { nodeId: 'a', outcome: 'done' },
      { nodeId: 'stranger', outcome: 'done' },
    ]);
    await operator.saveBulkResults('j', [
      { nodeId: 'a', outcome: 'failed' },
      { nodeId: 'c', outcome: 'skipped', reason: 'Gone' },
    ]);
    expectEqual('before the last', (await operator.findBulkJob('j'))?.job.endedAtMs, undefined);
    await asAda(store, NOW_MS + 5).saveBulkResults('j', [{ nodeId: 'd', outcome: 'done' }]);
    const ended = { ...job('j'), nodeCount: 4, confirmedAtMs: NOW_MS, endedAtMs: NOW_MS + 5 };
    expectEqual('ended', await operator.findBulkJob('j'), progress(ended, { done: 2, failed: 1, skipped: 1 }));
    expectEqual('what is told', await toldSince(store, before), [
      { actor: ADA, kind: 'bulk-ended', details: { jobId: 'j', done: 2, failed: 1, skipped: 1 } },
    ]);
    const list = (query: { outcome?: BulkOutcome; afterNodeId?: string }) =>
      operator.listBulkResults('j', { limit: 2, ...query });
    const [a, b] = [
      { nodeId: 'a', outcome: 'done' },
      { nodeId: 'b', outcome: 'failed', reason: 'It is revoked' },
    ];
    const [c, d] = [
      { nodeId: 'c', outcome: 'skipped', reason: 'Gone' },
      { nodeId: 'd', outcome: 'done' },
    ];
    expectEqual('the first page', await list({}), [a, b]);
    expectEqual('the second page', await list({ afterNodeId: 'b' }), [c, d]);
    expectEqual('those that are done', await list({ outcome: 'done' }), [a, d]);
  }),

  behaviour('begins no further node of a job that is stopped', async (store: FleetStore) => {
    for (const nodeId of ['a', 'b']) await addLabelled(store, nodeId);
    await begin(store);
    const operator = asAda(store);
    await operator.takeBulkNodes('j', 1, NOW_MS + HOUR_MS);
    const before = await lastPosition(store);
    const stopped = await asAda(store, NOW_MS + 3).stopBulkJob('j');
    expectEqual('stopped', stopped, { ...job('j'), nodeCount: 2, confirmedAtMs: NOW_MS, stoppedAtMs: NOW_MS + 3 });
    expectEqual('again', (await asAda(store, NOW_MS + 4).stopBulkJob('j'))?.stoppedAtMs, NOW_MS + 3);
    expectEqual('what it does', await operator.takeBulkNodes('j', 10, NOW_MS + HOUR_MS), []);
    await asAda(store, NOW_MS + 5).saveBulkResults('j', [{ nodeId: 'a', outcome: 'done' }]);
    expectEqual('ended', (await operator.findBulkJob('j'))?.job.endedAtMs, NOW_MS + 5);
    expectEqual('what is told', await toldSince(store, before), [
      { actor: ADA, kind: 'bulk-stopped', details: { jobId: 'j' } },
      { actor: ADA, kind: 'bulk-ended', details: { jobId: 'j', done: 1, failed: 0, skipped: 0 } },
    ]);
    expectEqual('an unknown one', await operator.stopBulkJob('k'), undefined);
  }),

  behaviour('ends a job without nodes as it begins', async (store: FleetStore) => {
    await begin(store);
    expectEqual('ended', (await asAda(store).findBulkJob('j'))?.job.endedAtMs, NOW_MS);
  }),

  behaviour('lists jobs, the newest first', async (store: FleetStore) => {
    const operator = asAda(store);
    for (const [id, createdAtMs] of [
      ['b', NOW_MS + 2],
      ['a', NOW_MS + 3],
      ['c', NOW_MS + 1],
    ] as const) {
      await operator.addBulkJob(job(id, { createdAtMs }), everyNode, 10);
    }
    const ids = async (limit: number) => (await operator.listBulkJobs(limit)).map((each) => each.job.id);
    expectEqual('all', await ids(10), ['a', 'b', 'c']);
    expectEqual('two', await ids(2), ['a', 'b']);
  }),

  behaviour('shows those with a scope their own jobs alone', async (store: FleetStore) => {
    await addLabelled(store, 'a', { site: 'berlin' });
    await addLabelled(store, 'b', { site: 'bonn' });
    await asAda(store).addBulkJob(job('j'), everyNode, 10);
    const scope = scopeOf('site', 'berlin');
    const ben = store.as(by(BEN, { scope }));
    const his = await ben.addBulkJob(job('k', { actor: BEN, scope }), everyNode, 10);
    expectEqual('his, of the nodes in scope', his?.nodeCount, 1);
    expectEqual(
      'the list',
      (await ben.listBulkJobs(10)).map((each) => each.job.id),
      ['k'],
    );
    expectEqual('found', await ben.findBulkJob('j'), undefined);
    expectEqual('confirmed', await ben.confirmBulkJob('j'), undefined);
    expectEqual('stopped', await ben.stopBulkJob('j'), undefined);
    await asAda(store).confirmBulkJob('j');
    expectEqual('taken', await ben.takeBulkNodes('j', 10, NOW_MS + HOUR_MS), []);
    await ben.saveBulkResults('j', [{ nodeId: 'a', outcome: 'failed' }]);
    expectEqual('its results', await ben.listBulkResults('j', { limit: 10 }), []);
    expectEqual('the results for all', await asAda(store).listBulkResults('j', { limit: 10 }), []);
  }),

  behaviour(
    'drops jobs: those that were never confirmed after a day, the others after 90',
    async (store: FleetStore) => {
      await begin(store);
      await asAda(store).addBulkJob(job('k'), everyNode, 10);
      const ids = async () => (await asAda(store).listBulkJobs(10)).map((each) => each.job.id);
      await tidyAll(store, NOW_MS + DAY_MS - HOUR_MS);
      expectEqual('on the first day', (await ids()).length, 2);
      await tidyAll(store, NOW_MS + DAY_MS + HOUR_MS);
      expectEqual('after a day', await ids(), ['j']);
      await tidyAll(store, NOW_MS + 90 * DAY_MS - HOUR_MS);
      expectEqual('within 90 days', await ids(), ['j']);
      await tidyAll(store, NOW_MS + 90 * DAY_MS + HOUR_MS);
      expectEqual('after 90 days', await ids(), []);
    },
  ),

  sharedBehaviour('shares the nodes of a job between processes, each once', async (store: FleetStore, other) => {
    const nodeIds = Array.from({ length: 20 }, (_, index) => `n${index + 10}`);
    for (const nodeId of nodeIds) await addLabelled(store, nodeId);
    await begin(store);
    const before = await lastPosition(store);
    const work = async (each: FleetStore): Promise<string[]> => {
      const taken: string[] = [];
      for (;;) {
        const some = await asAda(each).takeBulkNodes('j', 3, NOW_MS + HOUR_MS);
        if (some.length === 0) return taken;
        taken.push(...some);
        await asAda(each).saveBulkResults(
          'j',
          some.map((nodeId) => ({ nodeId, outcome: 'done' })),
        );
      }
    };
    const taken = await Promise.all([store, other, store, other].map(work));
    expectEqual(
      'those that were taken',
      taken.flat().toSorted((one, two) => (one < two ? -1 : 1)),
      nodeIds,
    );
    expectEqual('how many are done', (await asAda(other).findBulkJob('j'))?.done, 20);
    expectEqual(
      'what is told',
      (await toldSince(store, before)).map(({ kind }) => kind),
      ['bulk-ended'],
    );
  }),
];

function job(id: string, changes: Partial<BulkJob> = {}): Omit<BulkJob, 'nodeCount'> {
  return {
    id,
    createdAtMs: NOW_MS,
    actor: ADA,
    role: 'operate',
    action: { kind: 'approve' },
    selector: 'label.site=berlin',
    confirmUntilMs: NOW_MS + 600_000,
    ...changes,
  };
}

function progress(of: BulkJob | undefined, counts: Partial<BulkProgress>): unknown {
  return { job: of, done: 0, failed: 0, skipped: 0, waiting: 0, ...counts };
}

/** A job about every node, which is confirmed. */
async function begin(store: FleetStore): Promise<void> {
  await asAda(store).addBulkJob(job('j'), everyNode, 100);
  await asAda(store).confirmBulkJob('j');
}

async function takeAll(operator: OperatorStore): Promise<string[]> {
  return (await operator.takeBulkNodes('j', 100, NOW_MS + HOUR_MS)).toSorted((one, other) => (one < other ? -1 : 1));
}
