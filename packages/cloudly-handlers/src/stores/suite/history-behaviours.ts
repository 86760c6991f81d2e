import { type HistoryResolution, historyResolutions } from '../../fleet/history.js';
import type { NodeStore } from '../../fleet/node-store.js';
import { behaviour, type NodeStoreBehaviour } from './behaviour.js';
import { expectEqual } from './expect-equal.js';
import { addNode, heartbeatReport, nodeRecord, vitals } from './fixtures.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** The start of an hour. */
const START_MS = 500_000 * HOUR_MS;

/** Saves heartbeats with the sequences 1, 2, 3 ... at these times after the start. */
async function beat(store: NodeStore, instantsMs: readonly number[]): Promise<void> {
  await addNode(store, nodeRecord('n'));
  for (const [index, atMs] of instantsMs.entries()) {
    await store.saveReport('n', heartbeatReport(index + 1, { receivedAtMs: START_MS + atMs }));
  }
}

/** Start, count, and the sequence of the last heartbeat, which these heartbeats carry as their uptime. */
async function slots(store: NodeStore, resolution: HistoryResolution) {
  return (await store.listHistory('n', resolution)).map(({ startMs, heartbeatCount, vitals: last }) => [
    startMs - START_MS,
    heartbeatCount,
    last?.agentUptimeMs,
  ]);
}

/** Drops everything that can be dropped. A store that never ends breaks its promise. */
async function tidyUp(store: NodeStore, nowMs: number): Promise<void> {
  for (let round = 0; round < 1000; round += 1) if (!(await store.tidy(nowMs))) return;
  throw new Error('tidy: expected an end, but there is always more to drop');
}

export const historyBehaviours: readonly NodeStoreBehaviour[] = [
  behaviour('has no history of a node without heartbeats, or of an unknown node', async (store) => {
    await addNode(store, nodeRecord('n'));
    expectEqual('without heartbeats', await store.listHistory('n', 'detail'), []);
    expectEqual('of an unknown node', await store.listHistory('m', 'hours'), []);
  }),

  behaviour(
    'keeps the vitals that the contract names in a slot, and all vitals of the last heartbeat',
    async (store) => {
      await addNode(store, nodeRecord('n'));
      const unknown = { ...vitals(), unknownToThisVersion: 'x'.repeat(10_000), nested: { deep: [1, 2, 3] } };
      const send = (sequence: number, atMs: number) =>
        store.saveReport('n', heartbeatReport(sequence, { receivedAtMs: START_MS + atMs, vitals: unknown }));
      await send(1, 0);
      await send(2, HOUR_MS);
      for (const resolution of ['detail', 'hours'] as const) {
        const kept = (await store.listHistory('n', resolution)).map((slot) => slot.vitals);
        expectEqual(`the ${resolution}`, kept, [vitals(), vitals()]);
      }
      expectEqual('the last heartbeat', (await store.findNode('n'))?.lastHeartbeat?.vitals, unknown);
    },
  ),

  behaviour('counts heartbeats in slots of five minutes, and keeps the last vitals of each', async (store) => {
    await beat(store, [0, 2 * MINUTE_MS, 5 * MINUTE_MS - 1, 5 * MINUTE_MS, 21 * MINUTE_MS]);
    expectEqual('the slots', await slots(store, 'detail'), [
      [0, 3, 3],
      [5 * MINUTE_MS, 1, 4],
      [20 * MINUTE_MS, 1, 5],
    ]);
  }),

  behaviour('counts heartbeats in slots of an hour, too', async (store) => {
    await beat(store, [0, HOUR_MS - 1, HOUR_MS, 26 * HOUR_MS]);
    expectEqual('the hours', await slots(store, 'hours'), [
      [0, 2, 2],
      [HOUR_MS, 1, 3],
      [26 * HOUR_MS, 1, 4],
    ]);
  }),

  behaviour('counts a heartbeat once, and only if it is kept', async (store) => {
    await beat(store, [0, 1]);
    for (const late of [1, 2]) await store.saveReport('n', heartbeatReport(late, { receivedAtMs: START_MS + HOUR_MS }));
    await store.saveReport('n', { bootId: 'boot-1', sequence: 0, receivedAtMs: START_MS + HOUR_MS });
    expectEqual('the hours', await slots(store, 'hours'), [[0, 2, 2]]);
  }),

  behaviour('continues the count when a new process of the node takes over', async (store) => {
    await beat(store, [0, 1]);
    await store.replaceNode(nodeRecord('n', { bootId: 'boot-2' }));
    await store.saveReport('n', heartbeatReport(1, { bootId: 'boot-2', receivedAtMs: START_MS + 2 }));
    expectEqual('the hours', await slots(store, 'hours'), [[0, 3, 1]]);
  }),

  behaviour('keeps one slot for each time, even if the clock is set back', async (store) => {
    await beat(store, [0, HOUR_MS, 1, HOUR_MS + 1, 2]);
    expectEqual('the hours', await slots(store, 'hours'), [
      [0, 3, 5],
      [HOUR_MS, 2, 4],
    ]);
  }),

  behaviour('counts each of many simultaneous heartbeats', async (store) => {
    await addNode(store, nodeRecord('n'));
    const reports = Array.from({ length: 12 }, (_, index) =>
      heartbeatReport(index + 1, { receivedAtMs: START_MS, vitals: vitals({ agentUptimeMs: index + 1 }) }),
    );
    const kept = await Promise.all(reports.map((report) => store.saveReport('n', report)));
    expectEqual('the hours', await slots(store, 'hours'), [[0, kept.filter(Boolean).length, 12]]);
  }),

  ...Object.entries(historyResolutions).map(([resolution, { slotMs, keptMs }]) =>
    behaviour(`drops ${resolution} that is too old, and nothing else`, async (store) => {
      await beat(store, [0, slotMs, keptMs + slotMs]);
      const read = async () => (await slots(store, resolution as HistoryResolution)).map(([startMs]) => startMs);
      await tidyUp(store, START_MS + keptMs + slotMs - 1);
      expectEqual('before', await read(), [0, slotMs, keptMs + slotMs]);
      await tidyUp(store, START_MS + keptMs + slotMs);
      expectEqual('beyond', await read(), [slotMs, keptMs + slotMs]);
    }),
  ),
];
