import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import { setImmediate as aTurn } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { addNode, heartbeatReport, nodeRecord, NOW_MS } from '../suite/fixtures.js';
import { openSqliteStore, type SqliteStoreOptions } from './open-sqlite-store.js';
import type { SqliteStore } from './sqlite-store.js';

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sqlite-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

function open(folder: string, options?: SqliteStoreOptions): SqliteStore {
  const store = openSqliteStore(join(folder, 'fleet.sqlite'), options);
  onTestFinished(() => store.close());
  return store;
}

function countNodes(store: SqliteStore): Promise<number> {
  return store.as({ actor: 'system', nowMs: NOW_MS }).countFleet({ selector: { terms: [] }, max: 10 });
}

/** The threads that are started from now on. */
function startedThreads(): Worker[] {
  const threads: Worker[] = [];
  const note = (thread: Worker): void => void threads.push(thread);
  process.on('worker', note);
  onTestFinished(() => void process.off('worker', note));
  return threads;
}

describe('what operators list', () => {
  test('is read by one thread, which others do not wait for', async () => {
    const threads = startedThreads();
    const store = open(newFolder());
    await addNode(store, nodeRecord('n'));
    expect(threads).toHaveLength(0);
    let isCounted = false;
    const counted = Promise.all([countNodes(store), countNodes(store)]).finally(() => (isCounted = true));
    await aTurn();
    expect(isCounted).toBe(false);
    expect(await counted).toEqual([1, 1]);
    expect(threads).toHaveLength(1);
  });

  test('is read at once in a store that only reads', async () => {
    const folder = newFolder();
    await addNode(open(folder), nodeRecord('n'));
    const threads = startedThreads();
    const reading = open(folder, { readOnly: true });
    expect(await countNodes(reading)).toBe(1);
    expect(threads).toHaveLength(0);
  });

  test('is refused if the thread dies, and read by the next one', async () => {
    const threads = startedThreads();
    const store = open(newFolder());
    const lost = countNodes(store);
    await aTurn();
    await threads[0]?.terminate();
    await expect(lost).rejects.toThrow('The thread that reads the database has ended');
    expect(await countNodes(store)).toBe(0);
  });

  test('is refused once the store is closed, which leaves no log behind', async () => {
    const folder = newFolder();
    const store = open(folder);
    await addNode(store, nodeRecord('n'));
    await countNodes(store);
    const waiting = countNodes(store);
    store.close();
    await expect(waiting).rejects.toThrow('The store was closed');
    await expect(countNodes(store)).rejects.toThrow('The store was closed');
    expect(readdirSync(folder)).toEqual(['fleet.sqlite']);
  });

  test('has nothing of what was not committed', async () => {
    const folder = newFolder();
    const store = open(folder);
    await addNode(store, nodeRecord('n'));
    const other = new DatabaseSync(join(folder, 'fleet.sqlite'));
    onTestFinished(() => other.close());
    other.exec('BEGIN IMMEDIATE; DELETE FROM node_fact');
    expect(await countNodes(store)).toBe(1);
    other.exec('ROLLBACK');
  });
});

test('a heartbeat that changes no facts reads the presence of its node and writes it, and nothing else', async () => {
  const store = open(newFolder());
  await addNode(store, nodeRecord('n', { approvedAtMs: NOW_MS }));
  await store.saveReport('n', heartbeatReport(1));
  const carriedOut = (['get', 'all', 'run'] as const).map((name) => vi.spyOn(StatementSync.prototype, name));
  await store.saveReport('n', heartbeatReport(2));
  const statements = carriedOut.flatMap(({ mock }) =>
    (mock.contexts as StatementSync[]).map(({ sourceSQL }) => sourceSQL.trim().slice(0, 15)),
  );
  for (const spy of carriedOut) spy.mockRestore();
  expect(statements).toEqual(['SELECT accepted', 'UPDATE presence']);
});

test('what changed and its events are stored together, or neither is', async () => {
  const folder = newFolder();
  const store = open(folder);
  await addNode(store, nodeRecord('n'));
  const written = vi.fn<(events: readonly unknown[]) => void>();
  store.onWritten(written);
  const other = new DatabaseSync(join(folder, 'fleet.sqlite'));
  onTestFinished(() => other.close());
  other.exec("CREATE TRIGGER full BEFORE INSERT ON event BEGIN SELECT raise(ABORT, 'full'); END");
  const before = await store.findNode('n');
  await expect(store.replaceNode(nodeRecord('n', { approvedAtMs: NOW_MS }))).rejects.toThrow('full');
  expect(await store.findNode('n')).toEqual(before);
  expect(written).not.toHaveBeenCalled();
  other.exec('DROP TRIGGER full');
  expect(await store.replaceNode(nodeRecord('n', { approvedAtMs: NOW_MS }))).toBe(true);
  expect(written.mock.calls).toEqual([[[expect.objectContaining({ kind: 'node-approved', nodeId: 'n' })]]]);
});
