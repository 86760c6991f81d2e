import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isFleetStoreError } from '../../fleet/fleet-store-error.js';
import { addNode, heartbeatReport, nodeRecord, NOW_MS, runtimeStatus } from '../suite/fixtures.js';
import { backUpSqliteFleet } from './back-up.js';
import { migrations } from './migrations.js';
import { openSqliteStore, openWithMigrations, type SqliteStoreOptions } from './open-sqlite-store.js';
import type { SqliteStore } from './sqlite-store.js';

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'open-sqlite-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function open(path: string, options?: SqliteStoreOptions): SqliteStore {
  const store = openSqliteStore(path, options);
  onTestFinished(() => store.close());
  return store;
}

function codeOf(path: string, options: SqliteStoreOptions = {}, migrationsToSchema = migrations): unknown {
  try {
    openWithMigrations(path, options, migrationsToSchema).close();
    return 'opened';
  } catch (error) {
    return isFleetStoreError(error) ? error.code : error;
  }
}

/** A version after this one, whose records have moved. */
const nextMigrations = [
  ...migrations,
  "ALTER TABLE node ADD COLUMN site TEXT; UPDATE node SET site = 'at ' || node_id",
];

/** A fleet that this version has left, which is an older one for the next version. */
async function olderFleet(): Promise<string> {
  const path = join(newFolder(), 'fleet.sqlite');
  const store = openSqliteStore(path);
  await addNode(store, nodeRecord('n'));
  await store.saveReport('n', heartbeatReport(1, { status: runtimeStatus('a'), statusHash: 'h' }));
  store.close();
  return path;
}

describe.each([
  ['a program that must find a fleet', { create: false }],
  ['a program that only reads', { readOnly: true }],
])('%s', (_name, options) => {
  test.each([
    ['nothing', () => undefined, 'database-missing'],
    ['an empty file', (path: string) => writeFileSync(path, ''), 'database-missing'],
    ['a folder', (path: string) => mkdirSync(path), 'database-unusable'],
    ['a pipe', (path: string) => execFileSync('sh', ['-c', 'mkfifo "$1"', 'sh', path]), 'database-unusable'],
    ['a text', (path: string) => writeFileSync(path, 'a shopping list'), 'database-foreign'],
    ['a long text', (path: string) => writeFileSync(path, 'a shopping list'.repeat(1000)), 'database-foreign'],
    ['a dangling link', (path: string) => symlinkSync('missing', path), 'database-missing'],
    ['an empty database', (path: string) => makeDatabase(path, 'VACUUM'), 'database-missing'],
    ["another program's database", (path: string) => makeDatabase(path, 'CREATE TABLE t (a)'), 'database-foreign'],
    [
      "another program's database with a log",
      (path: string) => makeDatabase(path, 'PRAGMA journal_mode = WAL; CREATE TABLE t (a)'),
      'database-foreign',
    ],
  ] as const)('creates no fleet from %s, and leaves everything unchanged', (_what, make, code) => {
    const folder = newFolder();
    const path = join(folder, 'fleet.sqlite');
    make(path);
    const before = listing(folder);
    expect(codeOf(path, options)).toBe(code);
    expect(listing(folder)).toEqual(before);
  });

  test('leaves a fleet of an older version unchanged, and says what upgrades it', async () => {
    const path = await olderFleet();
    const before = listing(join(path, '..'));
    expect(codeOf(path, options, nextMigrations)).toBe('database-older');
    expect(listing(join(path, '..'))).toEqual(before);
    expect(codeOf(path, {}, nextMigrations)).toBe('opened');
    expect(codeOf(path, options, nextMigrations)).toBe('opened');
    expect(codeOf(path, options)).toBe('database-newer');
  });
});

function makeDatabase(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

/** Names, and what the files hold. */
function listing(folder: string): string {
  return execFileSync('sh', ['-c', 'cd "$1" && ls -ln --time-style=full-iso', 'sh', folder], { encoding: 'utf8' });
}

describe('a fleet opened for reading', () => {
  test('is read as of that moment beside a program that writes', async () => {
    const path = join(newFolder(), 'fleet.sqlite');
    const writing = open(path);
    const reading = open(path, { readOnly: true });
    await addNode(writing, nodeRecord('n'));
    expect((await reading.findNode('n'))?.node.nodeId).toBe('n');
    await expect(reading.saveReport('n', heartbeatReport(1))).rejects.toThrow('opened read-only');
    await expect(reading.createNode(nodeRecord('m'), NOW_MS)).rejects.toThrow('opened read-only');
    await expect(reading.forgetBackup()).rejects.toThrow('opened read-only');
  });

  test('may be a read-only backup', async () => {
    const [path, folder] = [join(newFolder(), 'fleet.sqlite'), newFolder()];
    await addNode(open(path), nodeRecord('n'));
    const backup = join(folder, 'backup.sqlite');
    await backUpSqliteFleet(path, backup);
    execFileSync('chmod', ['0400', backup]);
    expect(await open(backup, { readOnly: true }).listNodes({ limit: 10 })).toHaveLength(1);
    expect(readdirSync(folder)).toEqual(['backup.sqlite']);
  });
});

describe('a path', () => {
  test.each(['file:fleet.sqlite', 'file:///tmp/fleet.sqlite?mode=memory', 'FILE:fleet', ':memory:', ''])(
    'is not accepted: %j',
    async (path) => {
      expect(() => openSqliteStore(path)).toThrow(TypeError);
      await expect(backUpSqliteFleet(path, join(newFolder(), 'backup'))).rejects.toThrow(TypeError);
      const real = join(newFolder(), 'fleet.sqlite');
      open(real);
      await expect(backUpSqliteFleet(real, path)).rejects.toThrow(TypeError);
    },
  );

  test('is not accepted as the text of a URL', () => {
    expect(() => openSqliteStore(pathToFileURL(join(newFolder(), 'fleet')).href)).toThrow(/must be the path of a file/);
  });

  test.each(['a?mode=memory', 'a#b', 'a%20b', 'a b', "a'b", 'ä', '-a', 'a?vfs=none&x=1'])(
    'may contain any character: %s',
    async (name) => {
      const folder = newFolder();
      const path = join(folder, name);
      await addNode(open(path), nodeRecord('n'));
      expect(statSync(path).mode & 0o777).toBe(0o600);
      const backup = join(newFolder(), name);
      await backUpSqliteFleet(path, backup);
      expect(statSync(backup).mode & 0o777).toBe(0o600);
      expect(await open(backup).listNodes({ limit: 10 })).toHaveLength(1);
      expect(readdirSync(folder)).toContain(`${name}-wal`);
    },
  );

  test('may be a symbolic link, and nothing is stored beside the link', async () => {
    const [folder, elsewhere] = [newFolder(), newFolder()];
    const link = join(folder, 'fleet.sqlite');
    symlinkSync(join(elsewhere, 'real.sqlite'), link);
    await addNode(open(link), nodeRecord('n'));
    expect(readdirSync(folder)).toEqual(['fleet.sqlite']);
    expect(await open(join(elsewhere, 'real.sqlite')).listNodes({ limit: 10 })).toHaveLength(1);
  });
});

describe('a fleet of an older version', () => {
  const whole = async (store: SqliteStore) => [
    await store.cloudlyId(),
    await store.listJoinTokens(),
    await store.findNode('n'),
    await store.findStatus('n'),
    await store.listHistory('n', 'hours'),
  ];

  test('is upgraded with all its content', async () => {
    const path = await olderFleet();
    const older = openSqliteStore(path);
    const before = await whole(older);
    older.close();
    const store = openWithMigrations(path, {}, nextMigrations);
    onTestFinished(() => store.close());
    expect(await whole(store)).toEqual(before);
    const database = new DatabaseSync(path, { readOnly: true });
    expect({ ...database.prepare('SELECT site FROM node').get() }).toEqual({ site: 'at n' });
    database.close();
  });

  test('stays unchanged if an upgrade fails', async () => {
    const path = await olderFleet();
    expect(codeOf(path, {}, [...nextMigrations, 'SELECT 1 FROM missing'])).toBe('database-unusable');
    const store = open(path, { create: false });
    expect((await store.findNode('n'))?.node).toEqual(nodeRecord('n'));
  });

  test('is upgraded together with the log that a crash has left', async () => {
    const path = await olderFleet();
    const older = open(path);
    await addNode(older, nodeRecord('from the log'));
    const left = join(newFolder(), 'fleet.sqlite');
    execFileSync('sh', ['-ec', 'for end in "" -wal -wal-mark; do cp "$1$end" "$2$end"; done', 'sh', path, left]);
    const store = openWithMigrations(left, {}, nextMigrations);
    onTestFinished(() => store.close());
    expect((await store.findNode('from the log'))?.node.nodeId).toBe('from the log');
  });
});
