import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as after } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { addNode, commandRecord, heartbeatReport, joinTokenRecord, nodeRecord, NOW_MS } from '../../suite/fixtures.js';
import { openSqliteStore, type SqliteStoreOptions } from '../open-sqlite-store.js';
import type { SqliteStore } from '../sqlite-store.js';

/** A fleet with some nodes, and another program that takes the write lock on request. */
async function setUp(options: SqliteStoreOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'busy-'));
  const path = join(folder, 'fleet.sqlite');
  const store = openSqliteStore(path, options);
  const holder = new DatabaseSync(path);
  onTestFinished(() => {
    holder.close();
    store.close();
    rmSync(folder, { recursive: true });
  });
  const nodeIds = Array.from({ length: 20 }, (_, index) => `n${index}`);
  for (const nodeId of nodeIds) await addNode(store, nodeRecord(nodeId));
  return {
    path,
    store,
    nodeIds,
    hold: () => holder.exec('BEGIN IMMEDIATE'),
    letGo: () => holder.exec('ROLLBACK'),
  };
}

const changes: Record<string, (store: SqliteStore) => Promise<unknown>> = {
  addJoinToken: (store) => store.addJoinToken(joinTokenRecord('another')),
  revokeJoinToken: (store) => store.revokeJoinToken('join', NOW_MS),
  createNode: (store) => store.createNode(nodeRecord('newcomer'), NOW_MS),
  replaceNode: (store) => store.replaceNode(nodeRecord('n1', { approvedAtMs: NOW_MS })),
  removeNode: (store) => store.removeNode('n2'),
  saveReport: (store) => store.saveReport('n3', heartbeatReport(1)),
  addCommand: (store) => store.addCommand('n4', commandRecord('c')),
  cancelCommand: (store) => store.cancelCommand('n4', 'c', NOW_MS),
  saveCommandResults: (store) => store.saveCommandResults('n4', [{ id: 'c', outcome: 'succeeded' }], NOW_MS),
  probe: (store) => store.probe(NOW_MS),
  tidy: (store) => store.tidy(NOW_MS),
  forgetBackup: (store) => store.forgetBackup(),
};

describe('while another process writes', () => {
  test.for(Object.entries(changes))('%s waits, and the process does not', async ([, change]) => {
    const { store, hold, letGo } = await setUp();
    hold();
    let isSettled = false;
    const changed = change(store).finally(() => (isSettled = true));
    // A blocked thread would let none of these end before the change.
    for (let turn = 0; turn < 5; turn += 1) await after(10);
    expect(isSettled).toBe(false);
    letGo();
    await changed;
  });

  test('reads do not wait', async () => {
    const { store, hold } = await setUp();
    hold();
    expect((await store.findNode('n1'))?.node.nodeId).toBe('n1');
    expect(await store.countNodes(NOW_MS)).toMatchObject({ pending: 20 });
    expect(await store.listNodes({ limit: 100 })).toHaveLength(20);
  });

  test('reports stay together, and all are stored in one transaction', async () => {
    const { store, nodeIds, hold, letGo } = await setUp();
    hold();
    const saved = Promise.all(nodeIds.map((nodeId) => store.saveReport(nodeId, heartbeatReport(1))));
    await after(30);
    const exec = vi.spyOn(DatabaseSync.prototype, 'exec');
    onTestFinished(() => exec.mockRestore());
    letGo();
    expect(await saved).toEqual(nodeIds.map(() => true));
    expect(exec.mock.calls.filter(([sql]) => sql === 'COMMIT')).toHaveLength(1);
  });

  test('the wait is bounded for all that wait together, and its failure says what to do', async () => {
    const { store, nodeIds, hold, letGo } = await setUp({ busyTimeoutMs: 100 });
    hold();
    const startMs = performance.now();
    const outcomes = await Promise.allSettled([
      ...nodeIds.map((nodeId) => store.saveReport(nodeId, heartbeatReport(1))),
      store.createNode(nodeRecord('newcomer'), NOW_MS),
    ]);
    // One after the other they would have taken twenty times as long.
    expect(performance.now() - startMs).toBeLessThan(1500);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        reason: {
          code: 'contention',
          message: expect.stringMatching(/held the database for 0\.1 s$/),
          remedy: expect.stringContaining('stop the program'),
        },
      });
    }
    letGo();
    expect(await store.saveReport('n1', heartbeatReport(1))).toBe(true);
  });

  test('changes happen in the order in which they arrived', async () => {
    const { store, hold, letGo } = await setUp();
    const order: string[] = [];
    hold();
    const waiting = ['a', 'b', 'c'].map(async (id) => {
      await store.addJoinToken(joinTokenRecord(id));
      order.push(id);
    });
    await after(20);
    letGo();
    await Promise.all([...waiting, store.addJoinToken(joinTokenRecord('d')).then(() => order.push('d'))]);
    expect(order).toEqual(['a', 'b', 'c', 'd']);
  });

  test('a closed store rejects waiting operations', async () => {
    const { store, hold, letGo } = await setUp();
    hold();
    const change = store.createNode(nodeRecord('newcomer'), NOW_MS);
    const report = store.saveReport('n1', heartbeatReport(1));
    store.close();
    await expect(change).rejects.toMatchObject({ code: 'contention' });
    await expect(report).rejects.toMatchObject({ code: 'contention' });
    letGo();
  });

  test('a fleet is opened without waiting', async () => {
    const { path, hold } = await setUp();
    hold();
    const other = openSqliteStore(path, { busyTimeoutMs: 0 });
    onTestFinished(() => other.close());
    expect(await other.listNodes({ limit: 100 })).toHaveLength(20);
  });
});
