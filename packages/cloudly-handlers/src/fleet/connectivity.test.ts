import { describe, expect, test } from 'vitest';
import { connectivityOf, shownInterval } from './connectivity.js';
import { createCloudly } from '../../test/fixtures/cloudly.js';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { enrol } from '../../test/fixtures/enrol.js';
import { createMemoryStore } from '../stores/memory/memory-store.js';
import { heartbeatReport, nodeRecord } from '../stores/suite/fixtures.js';

const MINUTE_MS = 60_000;

describe('a node', () => {
  const lastHeartbeat = { bootId: 'boot-1', sequence: 1, receivedAtMs: 1000, expectedByMs: 5000 };
  const stored = { node: nodeRecord('n'), lastHeartbeat };

  test('is never-seen until its first heartbeat', () => {
    expect(connectivityOf({ node: nodeRecord('n') }, 0, 0)).toBe('never-seen');
  });

  test('is online until its next heartbeat is overdue, and offline from then on', () => {
    expect(connectivityOf(stored, 4999, -1e6)).toBe('online');
    expect(connectivityOf(stored, 5000, -1e6)).toBe('offline');
  });

  test('is not called offline during two of its intervals after Cloudly’s own start', () => {
    expect(connectivityOf(stored, 8999, 5000)).toBe('unknown');
    expect(connectivityOf(stored, 9000, 5000)).toBe('offline');
    expect(connectivityOf(stored, 4999, 4000)).toBe('online');
  });
});

test('has an interval that Cloudly did not set estimated from its heartbeats, within bounds', () => {
  const stored = { node: nodeRecord('n'), lastHeartbeat: { ...heartbeatReport(1), receivedAtMs: 0, expectedByMs: 0 } };
  expect(shownInterval(stored, 'boot-1', 10 * MINUTE_MS)).toBe(10 * MINUTE_MS);
  expect(shownInterval(stored, 'boot-1', 1000)).toBe(MINUTE_MS);
  expect(shownInterval(stored, 'boot-1', 1e12)).toBe(60 * MINUTE_MS);
  expect(shownInterval(stored, 'boot-2', 10 * MINUTE_MS)).toBe(MINUTE_MS);
  expect(shownInterval({ node: nodeRecord('n') }, 'boot-1', 10 * MINUTE_MS)).toBe(MINUTE_MS);
});

test('restarted handlers call no node offline for two intervals', async () => {
  const store = createMemoryStore();
  const before = createCloudly(store, { heartbeatIntervalMs: MINUTE_MS });
  const device = createEmulatedNode();
  const nodeToken = await enrol(before, device);
  await before.heartbeat(device.heartbeat(), nodeToken);
  const connectivity = async ({ handlers }: typeof before) => {
    const stored = await store.findNode(device.nodeId);
    return stored && handlers.connectivityOf(stored);
  };
  expect(await connectivity(before)).toBe('online');
  before.advance(2 * MINUTE_MS);
  expect(await connectivity(before)).toBe('offline');

  const after = createCloudly(store, { heartbeatIntervalMs: MINUTE_MS });
  after.advance(10 * MINUTE_MS);
  await after.heartbeat({}, 'guess');
  expect(await connectivity(after)).toBe('unknown');
  after.advance(2 * MINUTE_MS);
  expect(await connectivity(after)).toBe('offline');
  await after.heartbeat(device.heartbeat(), nodeToken);
  expect(await connectivity(after)).toBe('online');
});
