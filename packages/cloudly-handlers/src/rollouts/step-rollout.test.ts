import { expect, test } from 'vitest';
import { rolloutRecord, seenMember } from '../../test/rollouts/rollout-records.js';
import { createWorld } from '../../test/rollouts/rollout-world.js';
import type { SeenMemberQuery } from '../fleet-store/rollout-store.js';
import { NOW_MS } from '../stores/suite/fixtures.js';
import { commandIdOf } from './change-of-plan.js';
import { readView } from './read-view.js';
import { stepRollout } from './step-rollout.js';
import { noMembers } from './wave-counts.js';

const ROLLOUT = '11111111-1111-4111-8111-111111111111';

async function startedWorld() {
  const world = await createWorld(['berlin', 'paris']);
  await world.createRollout(ROLLOUT, { limits: { maxInFlight: 1 } });
  await world.start(ROLLOUT);
  return world;
}

test('a step offers a command whose ID follows from the rollout, the node and the offer', async () => {
  const world = await startedWorld();
  const { nodeId = '' } =
    (await world.store.as({ actor: 'system', nowMs: 0 }).listMembers(ROLLOUT, { limit: 9 }))
      .toSorted((one, other) => (one.rank < other.rank ? -1 : 1))
      .at(0) ?? {};
  expect(await world.step(ROLLOUT)).toMatchObject({ outcome: 'changed' });
  expect(await world.store.listCommands(nodeId, 9)).toMatchObject([
    {
      id: await commandIdOf(ROLLOUT, nodeId, 1),
      rolloutId: ROLLOUT,
      commit: 'aaaaaaa',
      queuedAtMs: NOW_MS,
      expiresAtMs: NOW_MS + 3_600_000,
    },
  ]);
  expect(await world.step(ROLLOUT)).toMatchObject({ outcome: 'unchanged' });
});

test('a step reads again when somebody else came first, and gives up when that never ends', async () => {
  const world = await startedWorld();
  const own = world.store.as({ actor: 'system', nowMs: NOW_MS });
  let tries = 0;
  const contended = (wonAt: number) => ({
    ...own,
    async changeRollout(change: Parameters<typeof own.changeRollout>[0]) {
      tries += 1;
      return tries === wonAt ? own.changeRollout(change) : false;
    },
  });
  expect(await stepRollout(contended(Infinity), ROLLOUT, { nowMs: NOW_MS })).toEqual({ outcome: 'contention' });
  tries = 0;
  expect(await stepRollout(contended(3), ROLLOUT, { nowMs: NOW_MS })).toMatchObject({ outcome: 'changed' });
});

test('a step of a rollout that there is not says so', async () => {
  const world = await createWorld(['berlin']);
  expect(await world.step(ROLLOUT)).toEqual({ outcome: 'rollout-unknown' });
});

test('what an alteration throws keeps the whole step from being kept', async () => {
  const world = await startedWorld();
  const before = await world.findRollout(ROLLOUT);
  const failing = (): never => {
    throw new Error('not now');
  };
  await expect(world.alter(ROLLOUT, failing)).rejects.toThrow('not now');
  expect(await world.findRollout(ROLLOUT)).toEqual(before);
});

test('of 100,000 members, those that have the command are read, and as many others as could get it', async () => {
  const counts = [{ ...noMembers, held: 60_000, deferred: 39_950, offered: 20, running: 30 }];
  const limits = { ...rolloutRecord().limits, maxInFlight: 100 };
  const queries: SeenMemberQuery[] = [];
  const readMembers = async (_rolloutId: string, query: SeenMemberQuery) => {
    queries.push(query);
    const state = query.which === 'in-flight' ? 'running' : 'held';
    const count = 'limit' in query ? query.limit : 50;
    return Array.from({ length: count }, (_, index) => seenMember(`${query.which}-${index}`, { state }));
  };
  const view = await readView({ readMembers }, rolloutRecord({ counts, limits }), NOW_MS);
  expect(queries.map((query) => [query.which, 'limit' in query ? query.limit : undefined])).toEqual([
    ['in-flight', undefined],
    ['held', 100],
    ['back', 100],
  ]);
  expect(view.members).toHaveLength(250);
});
