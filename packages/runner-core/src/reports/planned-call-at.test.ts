import { expect, test } from 'vitest';
import { plannedCallAt } from './planned-call-at.js';
import type { PublishedStatus } from '../status/published-status.js';

const published = {
  writtenAt: '2026-11-23T12:00:00.000Z',
  writtenAtUptimeSeconds: 1000,
  status: {
    cloudly: { next: { call: 'heartbeat', because: 'interval', explanation: '', at: '2026-11-23T12:01:00.000Z' } },
  },
} as PublishedStatus;

test('a call counts as in flight once its time has come, whatever the device’s clock says then', () => {
  expect(plannedCallAt(published, 1059)?.underWay).toBeUndefined();
  expect(plannedCallAt(published, 1060)).toMatchObject({ call: 'heartbeat', underWay: true });
});
