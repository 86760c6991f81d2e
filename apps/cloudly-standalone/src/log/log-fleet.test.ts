import type { WrittenEvent } from '@serve.zone/baseos-cloudly-handlers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LogEntry } from './create-log.js';
import { GATHER_MS, logFleet } from './log-fleet.js';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function setUp(nameNodes = async (nodeIds: readonly string[]) => new Map(nodeIds.map((id) => [id, `till-${id}`]))) {
  const entries: LogEntry[] = [];
  let tell: (events: readonly WrittenEvent[]) => void = () => undefined;
  const { end } = logFleet({
    log: (entry) => void entries.push(entry),
    nameNodes,
    store: {
      onWritten: (listener) => {
        tell = listener;
        return () => (tell = () => undefined);
      },
    },
  });
  return { entries, end, tell: (...events: WrittenEvent[]) => tell(events) };
}

function offline(nodeId: string): WrittenEvent {
  return { atMs: 60_000, actor: 'system', nodeId, kind: 'node-offline', details: { lastHeartbeatAtMs: 0 } };
}

const change = { atMs: 1, actor: 'node:1', nodeId: '1' } as const;

const told: [WrittenEvent, Partial<LogEntry>][] = [
  [
    offline('1'),
    {
      level: 'warn',
      event: 'node-offline',
      message: 'Node till-1 (1) went offline: not heard for 60 s',
      fields: { nodeId: '1' },
    },
  ],
  [
    { ...change, kind: 'node-back', details: { from: 'offline', quietMs: 7_260_000 } },
    { level: 'info', message: 'Node till-1 (1) is back after 2 h 1 min' },
  ],
  [
    { ...change, kind: 'update-failed', details: { commit: 'a1b2' } },
    { level: 'warn', message: 'Node till-1 (1) failed to update to release a1b2' },
  ],
  [
    { ...change, kind: 'storage-low', details: { freePercent: 5 } },
    { level: 'warn', message: 'Node till-1 (1) has 5 % of its storage left' },
  ],
  [
    { ...change, kind: 'crash-loop', details: { startCount: 5, withinMs: 600_000 } },
    { level: 'warn', message: 'Node till-1 (1) has started its agent 5 times in 10 min' },
  ],
];

describe('the log of a fleet', () => {
  test.each(told)('tells %j', async (event, entry) => {
    const { tell, entries } = setUp();
    tell(event);
    await vi.advanceTimersByTimeAsync(GATHER_MS);
    expect(entries).toMatchObject([entry]);
  });

  test('tells many at once in one line', async () => {
    const { tell, entries } = setUp();
    for (let id = 1; id <= 189; id += 1) tell(offline(String(id)));
    tell({ ...change, kind: 'storage-low', details: { freePercent: 5 } });
    await vi.advanceTimersByTimeAsync(GATHER_MS);
    expect(entries).toMatchObject([
      {
        level: 'warn',
        message: '189 nodes went offline, among them till-1, till-2, till-3',
        fields: { count: 189, nodeIds: ['1', '2', '3'] },
      },
      { event: 'storage-low' },
    ]);
    tell(offline('1'));
    await vi.advanceTimersByTimeAsync(GATHER_MS);
    expect(entries).toHaveLength(3);
  });

  test('leaves out what is told otherwise, or nobody has to look at', async () => {
    const { tell, entries } = setUp();
    tell(
      { ...change, kind: 'node-late', details: { lastHeartbeatAtMs: 0 } },
      { ...change, kind: 'clone-suspected', details: { bootIds: [] } },
      { atMs: 1, actor: 'cli:alice', kind: 'view-saved', details: { viewId: '1', name: 'a' } },
    );
    await vi.advanceTimersByTimeAsync(GATHER_MS);
    expect([entries, vi.getTimerCount()]).toEqual([[], 0]);
  });

  test('names nodes by their IDs if their names cannot be read', async () => {
    const { tell, entries } = setUp(() => Promise.reject(new Error('away')));
    tell(offline('1'));
    await vi.advanceTimersByTimeAsync(GATHER_MS);
    expect(entries).toMatchObject([{ message: expect.stringMatching(/^Node 1 went offline/) }]);
  });

  test('tells what it has gathered before it ends, and nothing afterwards', async () => {
    const { tell, entries, end } = setUp();
    tell(offline('1'));
    await end();
    tell(offline('2'));
    await vi.advanceTimersByTimeAsync(GATHER_MS);
    expect(entries).toMatchObject([{ fields: { nodeId: '1' } }]);
  });
});
