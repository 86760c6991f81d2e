import { describe, expect, test } from 'vitest';
import { stores } from '../../test/fixtures/stores.js';
import { resolveHistory } from './history.js';
import { addNode, heartbeatReport, nodeRecord } from '../stores/suite/fixtures.js';

const HOUR_MS = 3_600_000;
/** The start of an hour. */
const START_MS = 500_000 * HOUR_MS;

describe.for(stores)('history, on $name', ({ openStore }) => {
  const beatFor = async (hours: number, history: Parameters<typeof openStore>[0]) => {
    const store = await openStore(history);
    await addNode(store, nodeRecord('n'));
    for (let hour = 0; hour < hours; hour += 1) {
      await store.saveReport('n', heartbeatReport(hour + 1, { receivedAtMs: START_MS + hour * HOUR_MS }));
    }
    const starts = async (resolution: 'detail' | 'hours') =>
      (await store.listHistory('n', resolution)).map(({ startMs }) => (startMs - START_MS) / HOUR_MS);
    return { store, starts };
  };

  test('is kept for the configured time', async () => {
    const { store, starts } = await beatFor(6, { history: { detailKeptMs: HOUR_MS, hoursKeptMs: 3 * HOUR_MS } });
    await store.tidy(START_MS + 5 * HOUR_MS);
    expect(await starts('detail')).toEqual([4, 5]);
    expect(await starts('hours')).toEqual([2, 3, 4, 5]);
  });

  test('is not kept if it is switched off, but the last heartbeat is', async () => {
    const { store, starts } = await beatFor(3, { history: { detailKeptMs: 0, hoursKeptMs: 0 } });
    expect([await starts('detail'), await starts('hours')]).toEqual([[], []]);
    expect((await store.findNode('n'))?.lastHeartbeat?.sequence).toBe(3);
  });

  test('of one resolution is kept without the other', async () => {
    const { starts } = await beatFor(3, { history: { detailKeptMs: 0 } });
    expect([await starts('detail'), await starts('hours')]).toEqual([[], [0, 1, 2]]);
  });
});

test.each([-1, 0.5, Number.NaN, 25 * HOUR_MS])('throws if detail is to be kept for %s ms', (detailKeptMs) => {
  expect(() => resolveHistory({ detailKeptMs })).toThrow(
    /detailKeptMs must be a whole number of milliseconds from 0 to/,
  );
});
