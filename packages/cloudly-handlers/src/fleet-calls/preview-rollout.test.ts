import { expect, test } from 'vitest';
import { ada, boss, codeOf } from '../../test/fixtures/fleet-callers.js';
import { newRollout, OTHER_ID, rolloutFleet, ROLLOUT_ID } from '../../test/fixtures/rollout-fleet.js';
import { createMemoryStore } from '../stores/memory/memory-store.js';
import { addLabelled, allEvents, heardAt } from '../stores/suite/fleet/fleet-fixtures.js';
import { addNode, commandRecord, nodeRecord, NOW_MS } from '../stores/suite/fixtures.js';
import type { NewRollout } from './rollout-calls.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

async function setUp(nodeIds?: readonly string[]) {
  const all = await rolloutFleet(createMemoryStore(), nodeIds);
  const preview = async (changes: Partial<NewRollout> = {}) => {
    const { id } = await all.fleet.createRollout(boss, newRollout(changes));
    return all.fleet.previewRollout(boss, id);
  };
  /** Such a command took so long. */
  const finished = async (nodeId: string, durationMs: number, outcome = 'succeeded', agoMs = DAY_MS): Promise<void> => {
    const id = globalThis.crypto.randomUUID();
    const [listedAtMs, receivedAtMs] = [NOW_MS - agoMs, NOW_MS - agoMs + durationMs];
    await all.store.addCommand(nodeId, commandRecord(id, { queuedAtMs: listedAtMs, expiresAtMs: NOW_MS }));
    await all.store.offerCommands(nodeId, listedAtMs, 10);
    await all.store.saveCommandResults(nodeId, [{ id, outcome }], receivedAtMs);
  };
  return { ...all, preview, finished };
}

test('a preview counts the members of each wave, and changes nothing', async () => {
  const { fleet, preview, store } = await setUp();
  await addLabelled(store, 'd', { site: 'bonn' });
  await addLabelled(store, 'e', { site: 'ulm' });
  const before = (await allEvents(store)).length;
  const { waves, ...previewed } = await preview({
    waves: [{ size: { count: 1 }, select: 'label.site=bonn', gate: 'manual' }, { size: { percent: 40 } }, {}],
  });
  expect(previewed).toMatchObject({ memberCount: 5, offlineCount: 2 });
  expect(waves.map(({ memberCount }) => memberCount)).toEqual([1, 2, 2]);
  expect(waves[0]).toEqual({ memberCount: 1, onlineCount: 0, gate: 'manual', soakMs: 0 });
  expect((await allEvents(store)).length).toBe(before + 1);
  expect((await fleet.getRollout(boss, ROLLOUT_ID)).state).toBe('draft');
});

test('a preview says what speaks against it, and with which nodes', async () => {
  const { preview, start, store } = await setUp();
  await addNode(store, nodeRecord('pending'));
  await start(ada, { id: OTHER_ID, selector: 'id=a' });
  const { groups, obstacles } = await preview({
    command: { kind: 'update', commit: 'old', force: true },
    limits: { perGroup: { label: 'site', max: 2 } },
  });
  expect(obstacles).toEqual([
    { code: 'force-not-accepted', count: 3, nodeIds: ['a', 'b', 'c'] },
    { code: 'already', count: 3, nodeIds: ['a', 'b', 'c'] },
    { code: 'node-pending', count: 1, nodeIds: ['pending'] },
    { code: 'other-rollout', count: 1, nodeIds: ['a'] },
  ]);
  expect(groups).toEqual({
    label: 'site',
    max: 2,
    groupCount: 2,
    largerCount: 1,
    largest: [{ group: 'berlin', memberCount: 3 }],
  });
});

test('without a history, nobody knows when it would end', async () => {
  const { preview, finished } = await setUp();
  await finished('a', 5 * MINUTE_MS, 'succeeded', 8 * DAY_MS);
  const { prediction, waves } = await preview();
  expect(prediction).toEqual({
    outcome: 'no-durations',
    basis: {
      durations: { commandCount: 0 },
      endings: { endedCount: 0, failedCount: 0 },
      presence: { nodeCount: 0, hourCount: 0 },
      modelCount: 3,
    },
  });
  expect(waves[0]?.overAtMs).toBeUndefined();
});

test('over nobody there is nothing to predict', async () => {
  const { preview } = await setUp([]);
  expect(await preview()).toMatchObject({ memberCount: 0, prediction: { outcome: 'no-members' } });
});

test('by the last week, it would end so', async () => {
  const { preview, finished, store } = await setUp([]);
  // They are heard now, and were every hour of the last three days.
  for (const nodeId of ['a', 'b', 'c', 'd']) {
    await addLabelled(store, nodeId, {}, { registeredAtMs: NOW_MS - 3 * DAY_MS });
    for (let hour = 72; hour >= 0; hour -= 1) {
      await store.saveReport(nodeId, heardAt(73 - hour, NOW_MS - hour * 60 * MINUTE_MS));
    }
  }
  await finished('a', 10 * MINUTE_MS);
  await finished('b', 10 * MINUTE_MS);
  await finished('b', 30 * MINUTE_MS, 'failed');
  const { prediction, waves } = await preview({ limits: { maxInFlight: 2 } });
  expect(prediction).toMatchObject({
    outcome: 'ends',
    endedPercent: { succeeded: 100, failed: 0, skipped: 0 },
    basis: {
      durations: { commandCount: 2, medianMs: 10 * MINUTE_MS, ninetiethMs: 10 * MINUTE_MS },
      endings: { endedCount: 3, failedCount: 1 },
      presence: { nodeCount: 4, hourCount: 72 },
      modelCount: 4,
    },
  });
  expect(Math.round(((prediction.endsAtMs ?? 0) - NOW_MS) / MINUTE_MS)).toBe(21);
  expect(waves[0]).toMatchObject({ beginsAtMs: NOW_MS, overAtMs: prediction.endsAtMs });
});

test('where nodes would refuse, it would pause', async () => {
  const { preview, finished } = await setUp();
  await finished('a', MINUTE_MS);
  const { prediction } = await preview({ command: { kind: 'update', commit: 'abc', force: true } });
  expect(prediction).toMatchObject({ outcome: 'pauses', endedPercent: { failed: 100 } });
  expect(prediction.pausesAtMs).toBeGreaterThan(NOW_MS);
});

test('a rollout that has begun is not previewed', async () => {
  const { fleet, start } = await setUp();
  await start(ada);
  expect(await codeOf(fleet.previewRollout(ada, ROLLOUT_ID))).toBe('state-unfit');
});
