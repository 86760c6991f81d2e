import { alertKindNames, type AlertCount, type HandlerEvent } from '@serve.zone/baseos-cloudly-handlers';
import type { RuntimeStatus } from '@serve.zone/baseos-contracts';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createMetrics, type MetricsOptions } from './create-metrics.js';

const counts = { online: 5, late: 1, offline: 3, 'never-seen': 4, pending: 2, revoked: 0 };

function countStates() {
  return Promise.resolve(counts);
}

function countAlerts(): Promise<AlertCount[]> {
  return Promise.resolve([{ kind: 'offline', count: 5, snoozedCount: 2 }]);
}

function setUp(options: Partial<MetricsOptions> = {}) {
  const metrics = createMetrics({
    countStates,
    countAlerts,
    connectionCount: () => 3,
    waitingCount: () => 2,
    ...options,
  });
  /** The lines of one metric, without its comments. */
  const lines = async (name: string): Promise<string[]> =>
    (await metrics.read()).text.split('\n').filter((line) => line.startsWith(name));
  return { ...metrics, lines };
}

afterEach(() => {
  vi.useRealTimers();
});

const status = {} as RuntimeStatus;
const vitals = { agentUptimeMs: 1, hostUptimeMs: 1, agentRssBytes: 1, memoryAvailableBytes: 1, failedHeartbeats: 0 };
const common = { atMs: 0, nodeId: 'till-7', bootId: 'boot' };
const registered = { ...common, kind: 'node-registered', joinTokenId: 'j1', nodeTokenId: 'n1', status } as const;
const heartbeat = { ...common, kind: 'heartbeat-received', sequence: 3, vitals, sendFullStatus: false } as const;

const command = { id: 'c1', kind: 'update', queuedAtMs: 0, expiresAtMs: 1 } as const;
const result = { outcome: 'refused', receivedAtMs: 1 } as const;

const counted: [HandlerEvent, string][] = [
  [{ ...registered, created: true }, 'cloudly_registrations_total{outcome="created"} 1'],
  [{ ...registered, created: false }, 'cloudly_registrations_total{outcome="known"} 1'],
  [
    { ...common, kind: 'node-pending', created: true, joinTokenId: 'j1', approvalCode: 'ABCD1234', status },
    'cloudly_registrations_total{outcome="pending"} 1',
  ],
  [{ ...heartbeat, stored: true }, 'cloudly_heartbeats_total{outcome="kept"} 1'],
  [{ ...heartbeat, stored: false }, 'cloudly_heartbeats_total{outcome="late"} 1'],
  [{ ...common, kind: 'legacy-node-heard', outcome: 'heartbeat' }, 'cloudly_heartbeats_total{outcome="legacy"} 1'],
  [{ ...common, kind: 'legacy-node-heard', outcome: 'registered' }, 'cloudly_registrations_total{outcome="legacy"} 1'],
  [
    { ...common, kind: 'request-refused', endpoint: 'heartbeat', code: 'node-token-unknown', status: 401, detail: 'x' },
    'cloudly_refusals_total{endpoint="heartbeat",code="node-token-unknown"} 1',
  ],
  [
    { atMs: 0, kind: 'request-refused', code: 'not-found', status: 404 },
    'cloudly_refusals_total{endpoint="other",code="not-found"} 1',
  ],
  [
    { ...common, kind: 'clone-suspected', bootIds: ['b1', 'b2'] },
    'cloudly_node_events_total{event="clone-suspected"} 1',
  ],
  [{ ...common, kind: 'wait-ended', end: 'woken' }, 'cloudly_waits_total{end="woken"} 1'],
  [{ ...common, kind: 'command-listed', command }, 'cloudly_commands_total{kind="update",state="listed"} 1'],
  [{ ...common, kind: 'command-phase-changed', command }, 'cloudly_commands_total{kind="update",state="running"} 1'],
  [
    { ...common, kind: 'command-finished', command: { ...command, result }, stateBefore: 'running' },
    'cloudly_commands_total{kind="update",state="refused"} 1',
  ],
  [
    {
      ...common,
      kind: 'command-finished',
      command: { ...command, result: { ...result, outcome: 'of-a-newer-node' } },
      stateBefore: 'running',
    },
    'cloudly_commands_total{kind="update",state="unknown"} 1',
  ],
  [
    { ...common, kind: 'command-ended', command, state: 'expired' },
    'cloudly_commands_total{kind="update",state="expired"} 1',
  ],
];

test.each(counted)('%o is counted, without the name of the node', async (event, line) => {
  const { countEvent, lines, read } = setUp();
  countEvent(event);
  const counters = await lines(line.split('{')[0] ?? '');
  expect(counters.filter((counter) => !counter.endsWith(' 0'))).toEqual([line]);
  expect((await read()).text).not.toContain('till-7');
});

test('registrations and heartbeats exist from the start, so that the first one counts in a rate', async () => {
  const { lines } = setUp();
  expect(await lines('cloudly_registrations_total')).toHaveLength(4);
  expect(await lines('cloudly_heartbeats_total')).toHaveLength(3);
});

test('requests and store operations are measured by duration', async () => {
  const { observeRequest, observeOperation, lines } = setUp();
  observeRequest('register', 201, 30);
  observeOperation('createNode', 'done', 2);
  observeOperation('saveReport', 'failed', 7000);
  expect(await lines('cloudly_request_duration_seconds_bucket{le="0.025"')).toEqual([
    'cloudly_request_duration_seconds_bucket{le="0.025",endpoint="register",status="201"} 0',
  ]);
  expect(await lines('cloudly_request_duration_seconds_sum')).toEqual([
    'cloudly_request_duration_seconds_sum{endpoint="register",status="201"} 0.03',
  ]);
  expect(await lines('cloudly_store_operation_duration_seconds_count')).toEqual([
    'cloudly_store_operation_duration_seconds_count{operation="createNode",outcome="done"} 1',
    'cloudly_store_operation_duration_seconds_count{operation="saveReport",outcome="failed"} 1',
  ]);
});

test('failures and connections are exported as numbers', async () => {
  const { countError, lines } = setUp();
  countError();
  expect(await lines('cloudly_errors_total')).toEqual(['cloudly_errors_total 1']);
  expect(await lines('cloudly_connections')).toEqual(['cloudly_connections 3']);
});

describe('nodes', () => {
  test('are counted by state, each in one, as of the reading', async () => {
    const { lines } = setUp();
    expect((await lines('cloudly_nodes')).toSorted()).toEqual([
      'cloudly_nodes{state="late"} 1',
      'cloudly_nodes{state="never-seen"} 4',
      'cloudly_nodes{state="offline"} 3',
      'cloudly_nodes{state="online"} 5',
      'cloudly_nodes{state="pending"} 2',
      'cloudly_nodes{state="revoked"} 0',
    ]);
  });

  test('are omitted if the store fails, without stale values, and all else is exported', async () => {
    let isAway = false;
    const { lines } = setUp({
      countStates: async () => {
        if (isAway) throw new Error('away');
        return counts;
      },
    });
    expect(await lines('cloudly_nodes')).toHaveLength(6);
    isAway = true;
    expect(await lines('cloudly_nodes')).toEqual([]);
    expect(await lines('cloudly_connections')).toHaveLength(1);
  });

  test('delay the metrics for at most five seconds if the store does not count them', async () => {
    vi.useFakeTimers();
    const { lines } = setUp({ countStates: () => new Promise(() => undefined) });
    const reading = Promise.all([lines('cloudly_nodes'), lines('cloudly_connections')]);
    await vi.advanceTimersByTimeAsync(5000);
    expect(await reading).toEqual([[], ['cloudly_connections 3']]);
  });
});

describe('alerts', () => {
  test('are counted by kind, apart if they are snoozed, also where there are none', async () => {
    const { lines } = setUp();
    const shown = await lines('cloudly_alerts');
    expect(shown).toHaveLength(2 * alertKindNames.length);
    expect(shown.filter((line) => !line.endsWith(' 0'))).toEqual([
      'cloudly_alerts{kind="offline",urgency="high",snoozed="no"} 3',
      'cloudly_alerts{kind="offline",urgency="high",snoozed="yes"} 2',
    ]);
  });

  test('are omitted if the store fails', async () => {
    const { lines } = setUp({ countAlerts: () => Promise.reject(new Error('away')) });
    expect(await lines('cloudly_alerts')).toEqual([]);
    expect(await lines('cloudly_nodes')).toHaveLength(6);
  });
});

test('one server does not share metrics with another in the same process', async () => {
  const [one, other] = [setUp(), setUp()];
  one.countError();
  expect(await other.lines('cloudly_errors_total')).toEqual(['cloudly_errors_total 0']);
});
