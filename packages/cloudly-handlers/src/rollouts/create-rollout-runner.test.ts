import { expect, test } from 'vitest';
import { createFakeTimer } from '../../test/fixtures/fake-timer.js';
import { createWorld, INTERVAL_MS, type World } from '../../test/rollouts/rollout-world.js';
import { createRolloutRunner } from './create-rollout-runner.js';

const ROLLOUT = '11111111-1111-4111-8111-111111111111';
const OTHER = '22222222-2222-4222-8222-222222222222';

async function setUp(world: World, changes: Partial<World['store']> = {}) {
  const timer = createFakeTimer();
  const errors: unknown[] = [];
  const runner = createRolloutRunner({
    store: { ...world.store, ...changes },
    now: world.now,
    monotonicMs: timer.monotonicMs,
    startTimer: timer.startTimer,
    onError: (error) => void errors.push(error),
  });
  return { timer, errors, runner };
}

/** Lets time pass until it is so. */
async function lookUntil(timer: ReturnType<typeof createFakeTimer>, isSo: () => Promise<boolean>): Promise<void> {
  for (let looks = 0; !(await isSo()); looks += 1) {
    if (looks === 20) throw new Error('It is never so');
    await expect.poll(() => timer.running()).toBe(1);
    timer.pass(1000);
  }
}

async function statesOf(world: World, rolloutId = ROLLOUT): Promise<string[]> {
  const members = await world.store.as({ actor: 'system', nowMs: world.now() }).listMembers(rolloutId, { limit: 100 });
  return members.map(({ state }) => state);
}

test('offers the command at once, again soon after a result, and until the rollout is finished', async () => {
  const world = await createWorld(['berlin', 'berlin', 'berlin']);
  await world.createRollout(ROLLOUT, { limits: { maxInFlight: 2 } });
  await world.start(ROLLOUT);
  const { timer, runner } = await setUp(world);
  await expect.poll(() => statesOf(world)).toContain('offered');
  await lookUntil(timer, async () => {
    await world.work('succeed');
    return (await world.findRollout(ROLLOUT))?.state === 'finished';
  });
  await runner.end();
  expect(await statesOf(world)).toEqual(['succeeded', 'succeeded', 'succeeded']);
});

test('wakes the nodes that are offered the command, and no other', async () => {
  const world = await createWorld(['berlin', 'berlin', 'berlin']);
  const woken: (string | undefined)[] = [];
  world.store.doorbell?.listen((nodeId) => void woken.push(nodeId));
  await world.createRollout(ROLLOUT, { limits: { maxInFlight: 1 } });
  await world.start(ROLLOUT);
  const { runner } = await setUp(world);
  await expect.poll(() => statesOf(world)).toContain('offered');
  await runner.end();
  const members = await world.store.as({ actor: 'system', nowMs: 0 }).listMembers(ROLLOUT, { limit: 10 });
  expect(woken).toEqual(members.filter(({ state }) => state === 'offered').map(({ nodeId }) => nodeId));
});

test('looks again every five seconds, because time alone changes what is to be done', async () => {
  const world = await createWorld(['berlin']);
  await world.createRollout(ROLLOUT);
  await world.start(ROLLOUT);
  const { timer, runner } = await setUp(world);
  await expect.poll(() => statesOf(world)).toEqual(['offered']);
  await expect.poll(() => timer.running()).toBe(1);
  timer.pass(1000);
  await expect.poll(() => timer.running()).toBe(1);
  world.clock.nowMs += 16 * INTERVAL_MS;
  timer.pass(5000);
  await expect.poll(() => statesOf(world)).toEqual(['deferred']);
  await runner.end();
});

test('a rollout that fails stops no other, and is tried again', async () => {
  const world = await createWorld(['berlin', 'paris']);
  for (const [id, selector] of Object.entries({ [ROLLOUT]: 'label.site=berlin', [OTHER]: 'label.site=paris' })) {
    await world.createRollout(id, { selector });
    await world.start(id);
  }
  let hasFailed = false;
  const { timer, errors, runner } = await setUp(world, {
    as(caller) {
      const own = world.store.as(caller);
      const readMembers: typeof own.readMembers = async (rolloutId, query) => {
        if (rolloutId !== ROLLOUT || hasFailed) return own.readMembers(rolloutId, query);
        hasFailed = true;
        throw new Error('locked');
      };
      return { ...own, readMembers };
    },
  });
  await expect.poll(() => statesOf(world, OTHER)).toEqual(['offered']);
  expect(errors.map(String)).toEqual(['Error: locked']);
  await expect.poll(() => timer.running()).toBe(1);
  timer.pass(5000);
  await expect.poll(() => statesOf(world)).toEqual(['offered']);
  await runner.end();
});

test('begins a start anew whose process has died, once that has made no progress for a minute', async () => {
  const world = await createWorld(['berlin', 'paris']);
  await world.createRollout(ROLLOUT);
  await world.start(ROLLOUT, 1);
  const { timer, runner } = await setUp(world);
  for (let seconds = 0; seconds < 60; seconds += 5) {
    await expect.poll(() => timer.running()).toBe(1);
    expect((await world.findRollout(ROLLOUT))?.state).toBe('starting');
    timer.pass(5000);
  }
  await lookUntil(timer, async () => (await statesOf(world)).includes('offered'));
  await runner.end();
});

test('nodes that match later become members of a dynamic rollout within a minute', async () => {
  const world = await createWorld(['berlin', 'paris']);
  await world.createRollout(ROLLOUT, { isDynamic: true, limits: { maxInFlight: 1 } });
  await world.start(ROLLOUT);
  const { timer, runner } = await setUp(world);
  await expect.poll(() => statesOf(world)).toContain('offered');
  await world.addDevice('rome');
  for (let seconds = 0; seconds <= 60; seconds += 5) {
    await expect.poll(() => timer.running()).toBe(1);
    timer.pass(5000);
  }
  await expect.poll(() => statesOf(world)).toHaveLength(3);
  await runner.end();
});

test('a result that arrives after its rollout is over still counts', async () => {
  const world = await createWorld(['berlin']);
  await world.createRollout(ROLLOUT, { limits: { failMin: 2 } });
  await world.start(ROLLOUT);
  await world.runPass(0);
  await world.beatAll();
  world.begin(0);
  world.devices.forEach((device) => (device.isOnline = false));
  await world.pass(2 * 86_400_000);
  await world.runPass(0);
  expect(await statesOf(world)).toEqual(['unknown']);
  world.end(0, 'succeed');
  world.devices.forEach((device) => (device.isOnline = true));
  await world.beatAll();
  await world.pass(INTERVAL_MS);
  await world.runPass(0);
  expect(await statesOf(world)).toEqual(['succeeded']);
});

test('ends while it waits, and does nothing afterwards', async () => {
  const world = await createWorld(['berlin']);
  const { timer, runner } = await setUp(world);
  await expect.poll(() => timer.running()).toBe(1);
  await runner.end();
  expect(timer.running()).toBe(0);
  await world.createRollout(ROLLOUT);
  await world.start(ROLLOUT);
  timer.pass(60_000);
  expect(await statesOf(world)).toEqual(['held']);
});
