import type { HistorySlot } from '@serve.zone/baseos-cloudly-handlers';
import { expect, test } from 'vitest';
import { curveOf } from './curve-of.js';

function slot(startMs: number, load1?: number): HistorySlot {
  return {
    startMs,
    heartbeatCount: 1,
    vitals: { agentUptimeMs: 1, agentRssBytes: 1, failedHeartbeats: 0, ...(load1 !== undefined && { load1 }) },
  };
}

test('a time without heartbeats is a gap', () => {
  expect(curveOf([slot(0, 1), slot(1000, 2), slot(5000, 3)], 1000, ({ load1 }) => load1)).toEqual({
    times: [0, 1, 2, 5],
    values: [1, 2, null, 3],
    latest: 3,
  });
});

test('a reading that a node does not give has no curve', () => {
  expect(curveOf([slot(0)], 1000, ({ load1 }) => load1)).toBeUndefined();
});
