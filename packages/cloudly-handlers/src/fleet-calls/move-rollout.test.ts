import { describe, expect, test } from 'vitest';
import { ada, boss, codeOf } from '../../test/fixtures/fleet-callers.js';
import { newRollout, OTHER_ID, rolloutFleet, ROLLOUT_ID } from '../../test/fixtures/rollout-fleet.js';
import { createMemoryStore } from '../stores/memory/memory-store.js';
import { NOW_MS } from '../stores/suite/fixtures.js';
import type { Caller } from './caller.js';

const HOUR_MS = 3_600_000;
const moves = ['startRollout', 'pauseRollout', 'resumeRollout', 'stopRollout'] as const;
const bo: Caller = { actor: 'operator:bo', role: 'operate' };

function setUp(nodeIds?: readonly string[]) {
  return rolloutFleet(createMemoryStore(), nodeIds);
}

describe('a rollout that runs', () => {
  test('ends with its nodes, and is then over for ever', async () => {
    const { end, fleet, run, start, states } = await setUp();
    await start(ada);
    expect(await states(ada)).toEqual({ a: 'offered', b: 'offered', c: 'offered' });
    for (const nodeId of ['a', 'b', 'c']) await end(nodeId);
    expect(await run()).toMatchObject({ state: 'finished', endedAtMs: NOW_MS });
    expect(await states(ada)).toEqual({ a: 'succeeded', b: 'succeeded', c: 'succeeded' });
    for (const name of moves) expect(await codeOf(fleet[name](ada, ROLLOUT_ID))).toBe('state-unfit');
  });

  test('is paused with what no node has got, and goes on', async () => {
    const { fleet, list, run, start, states } = await setUp();
    await start(ada);
    await list('a');
    await run();
    const paused = await fleet.pauseRollout(ada, ROLLOUT_ID);
    expect(paused.pause).toEqual({ reason: 'operator', by: 'operator:ada', atMs: NOW_MS });
    expect(await states(ada)).toEqual({ a: 'running', b: 'held', c: 'held' });
    expect(await fleet.pauseRollout(ada, ROLLOUT_ID)).toEqual(paused);
    expect(await list('b')).toEqual([]);
    expect((await fleet.resumeRollout(ada, ROLLOUT_ID)).state).toBe('running');
    expect((await fleet.resumeRollout(ada, ROLLOUT_ID)).state).toBe('running');
    await run();
    expect(await states(ada)).toEqual({ a: 'running', b: 'offered', c: 'offered' });
  });

  test('is stopped with all that can be taken back, and leaves the others as they are', async () => {
    const { fleet, list, run, start, states, store } = await setUp();
    await start(ada, { limits: { maxInFlight: 2 } });
    const [first = ''] = Object.entries(await states(ada)).find(([, state]) => state === 'offered') ?? [];
    await list(first);
    await run();
    const stopped = await fleet.stopRollout(boss, ROLLOUT_ID);
    expect(stopped).toMatchObject({ state: 'stopped', endedAtMs: NOW_MS });
    expect(await fleet.stopRollout(ada, ROLLOUT_ID)).toMatchObject({ state: 'stopped' });
    expect(Object.values(await states(ada)).toSorted()).toEqual(['held', 'held', 'running']);
    expect((await store.listCommands(first, 1))[0]?.cancelledAtMs).toBe(NOW_MS);
  });

  test('belongs to who made it', async () => {
    const { fleet, start } = await setUp();
    await start(ada);
    for (const name of moves) expect(await codeOf(fleet[name](bo, ROLLOUT_ID))).toBe('role-insufficient');
    expect((await fleet.startRollout(boss, ROLLOUT_ID)).state).toBe('running');
  });

  test('has its limits changed while it is paused', async () => {
    const { fleet, start } = await setUp();
    await start(ada);
    expect(await codeOf(fleet.changeRollout(ada, ROLLOUT_ID, { limits: { failMin: 1 } }))).toBe('state-unfit');
    await fleet.pauseRollout(ada, ROLLOUT_ID);
    const changed = await fleet.changeRollout(ada, ROLLOUT_ID, { limits: { failMin: 1 } });
    expect(changed).toMatchObject({ state: 'paused', limits: { failMin: 1, maxInFlight: 10 } });
    expect(await fleet.changeRollout(ada, ROLLOUT_ID, { limits: { failMin: 1 } })).toEqual(changed);
    expect(await codeOf(fleet.changeRollout(ada, ROLLOUT_ID, { name: 'winter' }))).toBe('state-unfit');
    expect(await codeOf(fleet.changeRollout(ada, ROLLOUT_ID, { limits: { failMin: 0 } }))).toBe('value-invalid');
    expect(await codeOf(fleet.changeRollout(ada, ROLLOUT_ID, { limits: { failMin: 2 } }, { revision: 1 }))).toBe(
      'revision-changed',
    );
  });

  test('waits for its window, and is paused for longer by somebody', async () => {
    const { fleet, start } = await setUp();
    const window = { cron: '0 2 * * *', zone: 'UTC', durationMs: HOUR_MS };
    expect((await start(ada, { window })).pause?.reason).toBe('window');
    expect((await fleet.resumeRollout(ada, ROLLOUT_ID)).pause?.reason).toBe('window');
    expect((await fleet.pauseRollout(ada, ROLLOUT_ID)).pause?.reason).toBe('operator');
    const open = await fleet.changeRollout(ada, ROLLOUT_ID, { window: null });
    expect(open).toMatchObject({ state: 'paused', pause: { reason: 'operator' } });
    expect((await fleet.resumeRollout(ada, ROLLOUT_ID)).state).toBe('running');
  });
});

describe('the gate behind a wave', () => {
  const waves = [{ size: { count: 1 }, gate: 'manual' as const }, {}];

  test('is opened by somebody, once the wave is over', async () => {
    const { end, fleet, run, start, states } = await setUp();
    await start(ada, { waves });
    expect(await codeOf(fleet.approveRollout(ada, ROLLOUT_ID))).toBe('state-unfit');
    const [first = ''] = Object.entries(await states(ada)).find(([, state]) => state === 'offered') ?? [];
    await end(first);
    expect(await run()).toMatchObject({ state: 'running', waveIndex: 0, waveOverAtMs: NOW_MS });
    expect(await codeOf(fleet.approveRollout(bo, ROLLOUT_ID))).toBe('role-insufficient');
    expect(await fleet.approveRollout(ada, ROLLOUT_ID)).toMatchObject({ waveIndex: 1 });
    expect(await codeOf(fleet.approveRollout(ada, ROLLOUT_ID))).toBe('state-unfit');
  });
});

describe('a rollout that is paused for its failures', () => {
  async function failed() {
    const fleet = await setUp();
    await fleet.start(ada);
    await fleet.end('a', 'failed');
    await fleet.end('b', 'failed');
    await fleet.end('c', 'failed');
    expect((await fleet.run()).pause?.reason).toBe('failures');
    return fleet;
  }

  test('goes on only once somebody says what becomes of them', async () => {
    const { fleet } = await failed();
    await expect(fleet.resumeRollout(ada, ROLLOUT_ID)).rejects.toMatchObject({
      code: 'failures-undecided',
      message: 'Of 3 members of rollout autumn that have ended in wave 1, 3 have failed',
    });
    expect((await fleet.getRollout(ada, ROLLOUT_ID)).pause?.reason).toBe('failures');
  });

  test('lets them try again', async () => {
    const { fleet, end, run, states } = await failed();
    expect((await fleet.resumeRollout(ada, ROLLOUT_ID, { failed: 'retry' })).state).toBe('running');
    await run();
    expect(await states(ada)).toEqual({ a: 'offered', b: 'offered', c: 'offered' });
    for (const nodeId of ['a', 'b', 'c']) await end(nodeId);
    expect((await run()).state).toBe('finished');
  });

  test('leaves them out', async () => {
    const { fleet, run, states } = await failed();
    await fleet.resumeRollout(ada, ROLLOUT_ID, { failed: 'leave-out' });
    expect((await run()).state).toBe('finished');
    expect(await states(ada)).toEqual({ a: 'skipped', b: 'skipped', c: 'skipped' });
  });

  test('allows for them by its limits', async () => {
    const { fleet, run, states } = await failed();
    expect(await codeOf(fleet.resumeRollout(ada, ROLLOUT_ID, { limits: { failPercent: 99 } }))).toBe(
      'failures-undecided',
    );
    expect((await fleet.getRollout(ada, ROLLOUT_ID)).limits.failPercent).toBe(10);
    expect(await codeOf(fleet.resumeRollout(ada, ROLLOUT_ID, { limits: { failPercent: 101 } }))).toBe('value-invalid');
    await fleet.resumeRollout(ada, ROLLOUT_ID, { limits: { failPercent: 100 } });
    expect((await run()).state).toBe('finished');
    expect(await states(ada)).toEqual({ a: 'failed', b: 'failed', c: 'failed' });
  });
});

describe('all rollouts', () => {
  test('are paused at once, as far as the caller may decide about them', async () => {
    const { fleet, start } = await setUp();
    await start(ada, { selector: 'id=a' });
    await start(bo, { id: OTHER_ID, selector: 'id=b' });
    expect((await fleet.pauseAllRollouts(bo)).map(({ id, state }) => [id, state])).toEqual([[OTHER_ID, 'paused']]);
    expect((await fleet.pauseAllRollouts(boss)).map(({ id }) => id)).toEqual([ROLLOUT_ID]);
    expect(await fleet.pauseAllRollouts(boss)).toEqual([]);
  });

  test('that run are paused when the fleet is restored from a backup', async () => {
    const { fleet, start } = await setUp();
    await start(ada);
    await fleet.createRollout(ada, newRollout({ id: OTHER_ID }));
    const { paused } = await fleet.recover(boss, NOW_MS - 1);
    expect(paused.map(({ id, pause }) => [id, pause])).toEqual([
      [ROLLOUT_ID, { reason: 'recovered', by: 'operator:boss', atMs: NOW_MS }],
    ]);
  });

  test('that are being started are drafts again', async () => {
    const { fleet, store } = await setUp();
    const draft = await fleet.createRollout(ada, newRollout());
    const starting = { ...draft, state: 'starting' as const, startToken: 't', startedAtMs: NOW_MS };
    const nothing = { members: [], offered: [], withdrawn: [], cancelled: [], events: [] };
    const system = store.as({ actor: 'system', nowMs: NOW_MS });
    expect(await system.changeRollout({ ...nothing, rollout: starting, isUnsettled: true })).toBe(true);
    expect(await fleet.pauseRollout(ada, ROLLOUT_ID)).toMatchObject({ state: 'draft' });
    expect((await fleet.startRollout(ada, ROLLOUT_ID)).state).toBe('running');
  });
});

describe('a member that another rollout holds', () => {
  test('is taken over, unless its node may have begun', async () => {
    const { fleet, list, run, start, states } = await setUp();
    await start(ada, { limits: { maxInFlight: 2 } });
    const held = Object.entries(await states(ada)).flatMap(([nodeId, state]) => (state === 'offered' ? nodeId : []));
    const [begun = '', taken = ''] = held;
    await start(bo, { id: OTHER_ID });
    expect((await states(bo, OTHER_ID))[taken]).toBe('deferred');
    await list(begun);
    await run();
    expect(await codeOf(fleet.takeOverMember(bo, OTHER_ID, taken))).toBe('role-insufficient');
    expect(await codeOf(fleet.takeOverMember(boss, OTHER_ID, begun))).toBe('member-running');
    expect(await fleet.takeOverMember(boss, OTHER_ID, taken)).toMatchObject({ state: 'skipped', reason: 'taken-over' });
    await run(OTHER_ID);
    expect((await states(bo, OTHER_ID))[taken]).toBe('offered');
    expect(await codeOf(fleet.takeOverMember(boss, OTHER_ID, taken))).toBe('member-unknown');
    expect(await codeOf(fleet.takeOverMember(boss, OTHER_ID, 'nobody'))).toBe('member-unknown');
  });
});
