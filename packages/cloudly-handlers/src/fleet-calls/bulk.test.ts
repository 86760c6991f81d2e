import { describe, expect, test } from 'vitest';
import { ada, berliner, boss, codeOf, vic } from '../../test/fixtures/fleet-callers.js';
import { stores } from '../../test/fixtures/stores.js';
import { createFleet } from '../create-fleet.js';
import type { BulkAction } from '../fleet/bulk-action.js';
import { commandEndsAtMs } from '../fleet/command-end.js';
import { uuid5 } from '../fleet/uuid5.js';
import type { BulkProgress } from '../fleet-store/bulk-job.js';
import type { FleetStore, OperatorStore } from '../fleet-store/fleet-store.js';
import { createMemoryStore } from '../stores/memory/memory-store.js';
import { addLabelled } from '../stores/suite/fleet/fleet-fixtures.js';
import { addNode, nodeRecord, NOW_MS } from '../stores/suite/fixtures.js';
import type { Caller } from './caller.js';
import type { Fleet } from './fleet.js';

const MINUTE_MS = 60_000;
const blink: BulkAction = { kind: 'command', order: { kind: 'blink' } };

/** A fleet of nodes in Berlin, with a clock that the test moves. */
async function setUp(store: FleetStore, nodeIds: readonly string[] = ['a', 'b', 'c']) {
  const clock = { nowMs: NOW_MS };
  for (const nodeId of nodeIds) await addLabelled(store, nodeId, { site: 'berlin' });
  return { store, clock, fleet: createFleet({ store, now: () => clock.nowMs }) };
}

/** Previews and confirms a job, and resolves with its ID. */
async function begin(fleet: Fleet, caller: Caller, action: BulkAction, selector = ''): Promise<string> {
  const { id, nodeCount } = await fleet.previewBulk(caller, { action, selector });
  await fleet.confirmBulk(caller, id, nodeCount);
  return id;
}

const many = Array.from({ length: 30 }, (_, index) => `n${index + 10}`);

describe.each(stores)('a bulk job ($name)', ({ openStore }) => {
  test('does what it says to every node, and has a result for each', async () => {
    const { fleet, store } = await setUp(await openStore());
    await addNode(store, nodeRecord('pending'));
    const id = await begin(fleet, ada, { kind: 'approve' });
    expect((await fleet.runBulk(ada, id)).job.endedAtMs).toBe(NOW_MS);
    expect(await fleet.bulkResults(ada, id)).toEqual([
      { nodeId: 'a', outcome: 'skipped', reason: 'It is so already' },
      { nodeId: 'b', outcome: 'skipped', reason: 'It is so already' },
      { nodeId: 'c', outcome: 'skipped', reason: 'It is so already' },
      { nodeId: 'pending', outcome: 'done' },
    ]);
    expect(await fleet.bulkResults(ada, id, { outcome: 'done' })).toHaveLength(1);
    expect((await fleet.summary(ada)).states.pending).toBe(0);
  });

  test('runs in two processes at once, and commands no node twice', async () => {
    const { fleet, store } = await setUp(await openStore(), many);
    const id = await begin(fleet, ada, blink);
    const seen: BulkProgress[] = [];
    const options = { batch: 4, onProgress: (progress: BulkProgress) => void seen.push(progress) };
    await Promise.all([fleet.runBulk(ada, id, options), fleet.runBulk(boss, id, options)]);
    const progress = await fleet.bulkProgress(ada, id);
    expect(progress).toMatchObject({ done: many.length, failed: 0, skipped: 0, waiting: 0 });
    expect(seen.length).toBeGreaterThanOrEqual(many.length / 4);
    for (const nodeId of many) {
      expect((await store.listCommands(nodeId, 10)).map((command) => command.id)).toEqual([await uuid5(id, nodeId)]);
    }
  });

  test('goes on after the process that ran it has died, and commands no node twice', async () => {
    const store = await openStore();
    const { clock, fleet } = await setUp(store, many);
    const id = await begin(fleet, ada, blink);
    // It dies once it has sent some commands, before it has kept a result.
    const dying = createFleet({ store: withDeath(store), now: () => clock.nowMs });
    await expect(dying.runBulk(ada, id, { batch: 10 })).rejects.toThrow('This process died');
    expect((await fleet.runBulk(ada, id)).done).toBe(many.length - 10);
    clock.nowMs += 2 * MINUTE_MS;
    expect(await fleet.runBulk(ada, id)).toMatchObject({ done: many.length, failed: 0, skipped: 0 });
    const counts = await Promise.all(many.map(async (nodeId) => (await store.listCommands(nodeId, 10)).length));
    expect(counts).toEqual(many.map(() => 1));
  });

  test('skips what is out of scope or forgotten by then, and tells who did the rest', async () => {
    const { fleet, store } = await setUp(await openStore());
    await addLabelled(store, 'd', { site: 'bonn' });
    const id = await begin(fleet, berliner, { kind: 'label', labels: { floor: '1' } });
    await fleet.label(boss, 'a', { site: 'bonn' });
    await fleet.forget(boss, 'b');
    await fleet.runBulk(berliner, id);
    const gone = { outcome: 'skipped', reason: 'It no longer exists, or is out of scope' };
    expect(await fleet.bulkResults(berliner, id)).toEqual([
      { nodeId: 'a', ...gone },
      { nodeId: 'b', ...gone },
      { nodeId: 'c', outcome: 'done' },
    ]);
    const [labelled] = await fleet.timeline(ada, 'c');
    expect(labelled).toMatchObject({ kind: 'node-labelled', actor: berliner.actor });
  });
});

describe('a job', () => {
  test('that labels asks once a batch which keys scopes use', async () => {
    const { store, clock } = await setUp(createMemoryStore(), many);
    let askedCount = 0;
    const scopedLabelKeys = () => {
      askedCount += 1;
      return ['site'];
    };
    const fleet = createFleet({ store, now: () => clock.nowMs, scopedLabelKeys });
    const id = await begin(fleet, ada, { kind: 'label', labels: { floor: '1' } });
    askedCount = 0;
    expect((await fleet.runBulk(ada, id, { batch: 10 })).done).toBe(many.length);
    expect(askedCount).toBe(3);
  });

  test('is about the nodes of its preview, whose number has to be typed', async () => {
    const { fleet, store } = await setUp(createMemoryStore());
    const { id, nodeCount } = await fleet.previewBulk(ada, { action: blink, selector: 'label.site=berlin' });
    expect(nodeCount).toBe(3);
    await addLabelled(store, 'd', { site: 'berlin' });
    expect(await codeOf(fleet.confirmBulk(ada, id, 4))).toBe('count-changed');
    expect((await fleet.confirmBulk(ada, id, 3)).confirmedAtMs).toBe(NOW_MS);
    expect((await fleet.runBulk(ada, id)).done).toBe(3);
    expect(await store.listCommands('d', 10)).toEqual([]);
  });

  test('does nothing before it is confirmed, nor if that comes too late', async () => {
    const { clock, fleet } = await setUp(createMemoryStore());
    const { id, confirmUntilMs } = await fleet.previewBulk(ada, { action: blink, selector: '' });
    expect((await fleet.runBulk(ada, id)).waiting).toBe(3);
    expect(confirmUntilMs).toBe(NOW_MS + 10 * MINUTE_MS);
    clock.nowMs = confirmUntilMs;
    expect(await codeOf(fleet.confirmBulk(ada, id, 3))).toBe('job-expired');
    expect((await fleet.runBulk(ada, id)).waiting).toBe(3);
  });

  test('is the same job with the same ID, and another one is refused', async () => {
    const { fleet } = await setUp(createMemoryStore());
    const preview = { id: '00000000-0000-4000-8000-000000000001', action: blink, selector: '' };
    const job = await fleet.previewBulk(ada, preview);
    expect(await fleet.previewBulk(ada, preview)).toEqual(job);
    expect(await codeOf(fleet.previewBulk(ada, { ...preview, selector: 'n' }))).toBe('id-taken');
    expect(await codeOf(fleet.previewBulk(boss, preview))).toBe('id-taken');
    expect(await codeOf(fleet.previewBulk(ada, { ...preview, id: 'mine' }))).toBe('value-invalid');
  });

  test('takes the role that its action takes', async () => {
    const { fleet } = await setUp(createMemoryStore());
    for (const kind of ['forget', 'unrevoke'] as const) {
      expect(await codeOf(fleet.previewBulk(ada, { action: { kind }, selector: '' }))).toBe('role-insufficient');
      expect((await fleet.previewBulk(boss, { action: { kind }, selector: '' })).nodeCount).toBe(3);
    }
    expect(await codeOf(fleet.previewBulk(vic, { action: { kind: 'approve' }, selector: '' }))).toBe(
      'role-insufficient',
    );
  });

  test('of an operator rejects nodes that wait for approval, and fails with the others', async () => {
    const { fleet, store } = await setUp(createMemoryStore(), ['a']);
    await addNode(store, nodeRecord('pending'));
    const id = await begin(fleet, ada, { kind: 'revoke' });
    expect(await fleet.runBulk(ada, id)).toMatchObject({ done: 1, failed: 1 });
    expect(await fleet.bulkResults(ada, id, { outcome: 'failed' })).toEqual([
      {
        nodeId: 'a',
        outcome: 'failed',
        reason: 'You need the role admin to revoke a node that was approved, but have operate',
      },
    ]);
  });

  test('of somebody else is begun, carried out and stopped by an admin alone: it does what its creator may do', async () => {
    const { fleet, store } = await setUp(createMemoryStore());
    const { id } = await fleet.previewBulk(boss, { action: { kind: 'forget' }, selector: '' });
    for (const call of [fleet.confirmBulk(ada, id, 3), fleet.runBulk(ada, id), fleet.stopBulk(ada, id)]) {
      expect(await codeOf(call)).toBe('role-insufficient');
    }
    const other = { ...boss, actor: 'system' } as const;
    await fleet.confirmBulk(other, id, 3);
    await fleet.runBulk(other, id);
    expect(await store.listNodes({ limit: 10 })).toEqual([]);
    const forgotten = (await fleet.listEvents(boss)).filter(({ kind }) => kind === 'node-forgotten');
    expect(forgotten.map(({ actor }) => actor)).toEqual([boss.actor, boss.actor, boss.actor]);
  });

  test('begins no further batch once it is stopped, or its signal is aborted', async () => {
    const { fleet } = await setUp(createMemoryStore(), many);
    const id = await begin(fleet, ada, blink);
    const abort = new AbortController();
    const once = { batch: 5, signal: abort.signal, onProgress: () => abort.abort() };
    expect(await fleet.runBulk(ada, id, once)).toMatchObject({ done: 5, waiting: 25 });
    const stop = { batch: 5, onProgress: () => void stopped.push(fleet.stopBulk(ada, id)) };
    const stopped: Promise<BulkProgress>[] = [];
    await fleet.runBulk(ada, id, stop);
    const { done, job } = await fleet.bulkProgress(ada, id);
    expect(done).toBeLessThan(many.length);
    expect(job).toMatchObject({ stoppedAtMs: NOW_MS, endedAtMs: NOW_MS });
    expect((await fleet.runBulk(ada, id)).done).toBe(done);
  });

  test('that is refused keeps nothing: its selector, labels or mode cannot be read', async () => {
    const { fleet } = await setUp(createMemoryStore());
    const refused = [
      ['selector-invalid', { action: blink, selector: 'label.' }],
      ['label-invalid', { action: { kind: 'label', labels: { 'a b': 'c' } }, selector: '' }],
      ['label-invalid', { action: { kind: 'label', labels: { a: 'b c' } }, selector: '' }],
      ['value-invalid', { action: { kind: 'set-updates', updatesMode: 'sometimes' as 'own' }, selector: '' }],
    ] as const;
    for (const [code, preview] of refused) expect(await codeOf(fleet.previewBulk(ada, preview))).toBe(code);
    expect(await fleet.listBulk(ada)).toEqual([]);
  });

  test.each([
    ['rotate-token', { kind: 'rotate-token' }],
    ['set-updates', { kind: 'set-updates', updatesMode: 'gated' }],
    ['label', { kind: 'label', labels: { floor: '1' } }],
    ['revoke', { kind: 'revoke' }],
    ['forget', { kind: 'forget' }],
    ['command', blink],
  ] as const)('carries out %s', async (_name, action) => {
    const { fleet, store } = await setUp(createMemoryStore());
    const before = await traces(store);
    expect(await fleet.runBulk(boss, await begin(fleet, boss, action))).toMatchObject({
      done: 3,
      failed: 0,
      skipped: 0,
    });
    expect(await traces(store)).not.toEqual(before);
  });
});

test('a command of a job says for each node what speaks against it', async () => {
  const { fleet, store } = await setUp(createMemoryStore(), ['a']);
  await addNode(store, nodeRecord('pending', { cloneSuspectedAtMs: NOW_MS }));
  const id = await begin(fleet, ada, blink);
  await fleet.runBulk(ada, id);
  expect(await fleet.bulkResults(ada, id)).toEqual([
    { nodeId: 'a', outcome: 'done' },
    {
      nodeId: 'pending',
      outcome: 'done',
      reason:
        'It waits for approval, and gets no commands until then; ' +
        'Two devices use its identity, and neither gets commands until one is chosen',
    },
  ]);
});

test('commands of a job are due as long as others', async () => {
  const { fleet, store } = await setUp(createMemoryStore(), ['a']);
  await fleet.runBulk(ada, await begin(fleet, ada, blink));
  const [command] = await store.listCommands('a', 1);
  expect(command && commandEndsAtMs(command)).toBeGreaterThan(NOW_MS);
  expect(command?.expiresAtMs).toBe(NOW_MS + 60 * MINUTE_MS);
});

async function traces(store: FleetStore): Promise<unknown> {
  const operator = store.as({ actor: 'system', nowMs: NOW_MS });
  const nodes = await store.listNodes({ limit: 10 });
  return [nodes, await operator.findProfile('a'), await store.listCommands('a', 10)];
}

/** A store of a process that dies before it keeps the first result. */
function withDeath(store: FleetStore): FleetStore {
  const saveBulkResults: OperatorStore['saveBulkResults'] = () => Promise.reject(new Error('This process died'));
  return { ...store, as: (caller) => ({ ...store.as(caller), saveBulkResults }) };
}
