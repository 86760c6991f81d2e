import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createJoinToken } from '../../operator/create-join-token.js';
import { isFleetStoreError, openSqliteStore } from '../../sqlite.js';
import { addNode, heartbeatReport, nodeRecord, NOW_MS } from '../suite/fixtures.js';
import {
  accountStoreBehaviours,
  fleetStoreBehaviours,
  nodeStoreBehaviours,
  type OpenedStore,
} from '../../store-suite.js';
import type { SqliteStore } from './sqlite-store.js';

const directory = mkdtempSync(join(tmpdir(), 'cloudly-handlers-'));
afterAll(() => rmSync(directory, { recursive: true }));

let fileCount = 0;

function newPath(): string {
  return join(directory, `${(fileCount += 1)}.sqlite`);
}

async function open(path: string): Promise<OpenedStore<SqliteStore>> {
  const store = openSqliteStore(path);
  return { store, openAgain: () => open(path), close: async () => store.close() };
}

describe('the store in an SQLite file', () => {
  test.for([...nodeStoreBehaviours, ...fleetStoreBehaviours, ...accountStoreBehaviours])('$name', async ({ run }) => {
    await expect(run(() => open(newPath()))).resolves.toBeUndefined();
  });

  test('creates files that only their owner can read', async () => {
    const folder = join(directory, 'private');
    mkdirSync(folder);
    const store = openSqliteStore(join(folder, 'fleet.sqlite'));
    await createJoinToken(store);
    const modes = readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mode & 0o777]);
    store.close();
    expect(modes).toEqual([
      ['fleet.sqlite', 0o600],
      ['fleet.sqlite-shm', 0o600],
      ['fleet.sqlite-wal', 0o600],
      ['fleet.sqlite-wal-mark', 0o600],
    ]);
  });

  test('writes through to the disk, into a write-ahead log, and never lets SQLite wait for other processes', () => {
    const exec = vi.spyOn(DatabaseSync.prototype, 'exec');
    onTestFinished(() => exec.mockRestore());
    const store = openSqliteStore(newPath());
    // Settings of a connection show on that connection alone.
    const ownConnection = (exec.mock.contexts as DatabaseSync[]).at(-1);
    const setting = (name: string) => Object.values(ownConnection?.prepare(`PRAGMA ${name}`).get() ?? {})[0];
    expect(setting('journal_mode')).toBe('wal');
    const FULL = 2;
    expect(setting('synchronous')).toBe(FULL);
    expect(setting('busy_timeout')).toBe(0);
    store.close();
  });

  test('rejects after it was closed, and may be closed twice', async () => {
    const store = openSqliteStore(newPath());
    store.close();
    store.close();
    await expect(store.listJoinTokens()).rejects.toThrow('The store was closed');
  });

  test('keeps no part of a join token but its readable ID', async () => {
    const path = newPath();
    const store = openSqliteStore(path);
    const { joinToken, record } = await createJoinToken(store);
    const database = new DatabaseSync(path);
    const row = JSON.stringify(database.prepare('SELECT * FROM join_token').get());
    database.close();
    store.close();
    expect(row).toContain(record.id);
    expect(row).not.toContain(joinToken.split('_')[2]);
  });
});

describe('reports that arrive together', () => {
  const setUp = async () => {
    const store = openSqliteStore(newPath());
    onTestFinished(() => store.close());
    const nodeIds = Array.from({ length: 20 }, (_, index) => `n${index}`);
    for (const nodeId of nodeIds) await addNode(store, nodeRecord(nodeId));
    const exec = vi.spyOn(DatabaseSync.prototype, 'exec');
    onTestFinished(() => exec.mockRestore());
    const commits = () => exec.mock.calls.filter(([sql]) => sql === 'COMMIT').length;
    return { store, nodeIds, commits };
  };

  test('share one transaction, and each learns whether it was stored', async () => {
    const { store, nodeIds, commits } = await setUp();
    const saved = [...nodeIds, 'unknown'].map((nodeId) => store.saveReport(nodeId, heartbeatReport(1)));
    expect(await Promise.all(saved)).toEqual([...nodeIds.map(() => true), false]);
    expect(commits()).toBe(1);
  });

  test('are written one by one if one of them cannot be written, and only that one is lost', async () => {
    const { store, nodeIds } = await setUp();
    const poison = heartbeatReport(1, { expectedByMs: Number.NaN });
    const saved = nodeIds.map((nodeId, index) => store.saveReport(nodeId, index === 7 ? poison : heartbeatReport(1)));
    const outcomes = await Promise.allSettled(saved);
    expect(outcomes.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))).toEqual([7]);
    expect(await store.countNodes(0)).toMatchObject({ pending: 20 });
    expect((await store.findNode('n8'))?.lastHeartbeat?.sequence).toBe(1);
    expect((await store.findNode('n7'))?.lastHeartbeat).toBeUndefined();
  });

  test('are written early if the store is closed', async () => {
    const path = newPath();
    const store = openSqliteStore(path);
    await addNode(store, nodeRecord('n'));
    const saved = store.saveReport('n', heartbeatReport(1));
    store.close();
    expect(await saved).toBe(true);
    const again = openSqliteStore(path);
    onTestFinished(() => again.close());
    expect((await again.findNode('n'))?.lastHeartbeat?.sequence).toBe(1);
  });

  test('are rejected once the store is closed', async () => {
    const store = openSqliteStore(newPath());
    store.close();
    await expect(store.saveReport('n', heartbeatReport(1))).rejects.toThrow('The store was closed');
  });
});

describe('a file that cannot be used', () => {
  const openingFails = (path: string): unknown => {
    try {
      openSqliteStore(path).close();
    } catch (error) {
      return isFleetStoreError(error) ? { code: error.code, message: error.message } : error;
    }
    return 'opened';
  };

  test('is reported if a directory is missing', () => {
    expect(openingFails(join(directory, 'missing', 'fleet.sqlite'))).toEqual({
      code: 'database-unusable',
      message: expect.stringContaining('ENOENT'),
    });
  });

  test('is reported if it is not a database, and stays unchanged', () => {
    const path = newPath();
    writeFileSync(path, 'a shopping list, and nothing that a database would ever write'.repeat(20));
    const before = statSync(path);
    expect(openingFails(path)).toEqual({
      code: 'database-foreign',
      message: expect.stringContaining('not a database'),
    });
    expect(statSync(path).mtimeMs).toBe(before.mtimeMs);
  });

  test("stays unchanged if it is another program's database", () => {
    const path = newPath();
    const other = new DatabaseSync(path);
    other.exec('CREATE TABLE shopping (item TEXT)');
    expect(openingFails(path)).toEqual({
      code: 'database-foreign',
      message: expect.stringContaining('another program'),
    });
    expect(other.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'delete' });
    other.close();
  });

  test('stays unchanged if a newer version made it', () => {
    const path = newPath();
    openSqliteStore(path).close();
    const newer = new DatabaseSync(path);
    newer.exec('PRAGMA user_version = 99');
    newer.close();
    expect(openingFails(path)).toEqual({ code: 'database-newer', message: expect.stringContaining('99') });
  });

  test.for(['', ':memory:'])('is not opened by the path %j', (path) => {
    expect(() => openSqliteStore(path)).toThrow(TypeError);
  });
});

test('history kept before it was switched off is dropped', async () => {
  const path = newPath();
  const hourMs = 3_600_000;
  const before = openSqliteStore(path);
  await addNode(before, nodeRecord('n'));
  for (const [index, atMs] of [0, hourMs, 2 * hourMs].entries()) {
    await before.saveReport('n', heartbeatReport(index + 1, { receivedAtMs: NOW_MS + atMs }));
  }
  expect(await before.listHistory('n', 'hours')).toHaveLength(3);
  before.close();
  const after = openSqliteStore(path, { history: { detailKeptMs: 0, hoursKeptMs: 0 } });
  onTestFinished(() => after.close());
  await after.tidy(NOW_MS);
  const database = new DatabaseSync(path, { readOnly: true });
  expect(database.prepare('SELECT count(*) AS count FROM history').get()).toEqual({ count: 0 });
  database.close();
});
