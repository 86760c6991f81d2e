import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isFleetStoreError } from '../../fleet/fleet-store-error.js';
import { addNode, heartbeatReport, nodeRecord, NOW_MS, runtimeStatus } from '../suite/fixtures.js';
import { backUpSqliteFleet } from './back-up.js';
import { fleetFiles } from './files/fleet-files.js';
import { openSqliteStore } from './open-sqlite-store.js';
import type { SqliteStore } from './sqlite-store.js';

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mixed-files-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder that can be moved away. */
function newDataFolder(): string {
  const folder = join(newFolder(), 'data');
  mkdirSync(folder);
  return folder;
}

/** In a separate process, like an operator: a close in this process would release its own locks. */
function shell(script: string, ...parameters: string[]): void {
  execFileSync('sh', ['-ec', script, 'sh', ...parameters]);
}

function open(path: string): SqliteStore {
  const store = openSqliteStore(path);
  onTestFinished(() => store.close());
  return store;
}

async function newFleet(nodeId: string, path = join(newFolder(), 'fleet.sqlite')) {
  const store = open(path);
  await addNode(store, nodeRecord(nodeId));
  return { path, store };
}

async function nodeIds(store: SqliteStore): Promise<string[]> {
  return (await store.listNodes({ limit: 1000 })).map(({ node }) => node.nodeId);
}

/** What `kill -9` leaves of a fleet that stands still, in a folder of its own. */
function crashed(path: string): string {
  const copy = join(newFolder(), 'fleet.sqlite');
  shell('for end in "" -wal -wal-mark; do [ ! -e "$1$end" ] || cp "$1$end" "$2$end"; done', path, copy);
  return copy;
}

function refusal(path: string): unknown {
  try {
    openSqliteStore(path).close();
    return 'opened';
  } catch (error) {
    return isFleetStoreError(error) ? { code: error.code, message: error.message, remedy: error.remedy } : error;
  }
}

function mixed(message: string, remedy = '') {
  return {
    code: 'database-files-mixed',
    message: expect.stringContaining(message),
    remedy: expect.stringContaining(remedy),
  };
}

function deleteLog(path: string): void {
  return shell('rm -f "$1-wal" "$1-shm"', path);
}

describe('after a crash', () => {
  /** A fleet with a log, a backup of it, a copy of its file that was made earlier, and another fleet. */
  const setUp = async () => {
    const { path, store } = await newFleet('first');
    store.close();
    const coldCopy = join(newFolder(), 'cold.sqlite');
    shell('cp "$1" "$2"', path, coldCopy);
    const again = open(path);
    await again.createNode(nodeRecord('second'), NOW_MS);
    const backup = join(newFolder(), 'backup.sqlite');
    await backUpSqliteFleet(path, backup);
    // The log that the copy was before is closed by a clean end.
    again.close();
    const last = open(path);
    await last.createNode(nodeRecord('third'), NOW_MS);
    return { left: crashed(path), coldCopy, backup, other: crashed((await newFleet('other')).path) };
  };

  test('the files are the whole fleet', async () => {
    const { left } = await setUp();
    expect(await nodeIds(open(left))).toEqual(['first', 'second', 'third']);
  });

  test.for([
    ['a backup', ({ backup }: Awaited<ReturnType<typeof setUp>>) => backup, ['first', 'second']],
    ['a copy from before', ({ coldCopy }: Awaited<ReturnType<typeof setUp>>) => coldCopy, ['first']],
  ] as const)(
    '%s copied over the file is rejected beside the log, and is the fleet without it',
    async ([, pick, expected]) => {
      const files = await setUp();
      const { left } = files;
      for (const put of ['cp "$1" "$2"', 'rm "$2"; cp "$1" "$2"', 'cp "$1" "$2.new"; mv "$2.new" "$2"']) {
        shell(put, pick(files), left);
        expect(refusal(left)).toEqual(mixed('', 'delete fleet.sqlite-wal and fleet.sqlite-shm and start again'));
      }
      deleteLog(left);
      expect(await nodeIds(open(left))).toEqual(expected);
    },
  );

  test('the log is rejected beside the file of another fleet, and so is the other log beside this file', async () => {
    const { left, other } = await setUp();
    shell('cp "$1" "$1.own"; cp "$2" "$1"', left, other);
    expect(refusal(left)).toEqual(mixed('the write-ahead log of another database'));
    shell('mv "$1.own" "$1"; cp "$2-wal" "$1-wal"', left, other);
    expect(refusal(left)).toEqual(mixed('the write-ahead log of another database'));
  });

  test.for(['rm "$1"', ': > "$1"'])('the log without its file (%s) is not a new fleet', async (script) => {
    const { left } = await setUp();
    shell(script, left);
    expect(refusal(left)).toEqual(
      mixed('missing or empty, but its write-ahead log fleet.sqlite-wal is not', 'put back the fleet.sqlite'),
    );
  });

  test.for(['rm "$1-wal"', ': > "$1-wal"', 'head -c 32 "$1-wal" > "$1.x"; mv "$1.x" "$1-wal"'])(
    'the file without its log (%s) is reported, because the newest changes are lost',
    async (script) => {
      const { left } = await setUp();
      shell(script, left);
      expect(refusal(left)).toEqual(mixed('the newest changes of the fleet were in it'));
      shell('rm "$1-wal-mark"', left);
      expect(await nodeIds(open(left))).toEqual(['first', 'second']);
    },
  );

  test('the rollback journal of another database is not replayed', async () => {
    const { left } = await setUp();
    deleteLog(left);
    shell('rm "$1-wal-mark"', left);
    const foreign = join(newFolder(), 'foreign.sqlite');
    const database = new DatabaseSync(foreign);
    onTestFinished(() => database.close());
    database.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1); PRAGMA cache_size = 1; BEGIN; CREATE TABLE u (a);');
    database.exec(
      'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO t SELECT i FROM n',
    );
    shell('cp "$1-journal" "$2-journal"', foreign, left);
    expect(refusal(left)).toEqual(mixed('the rollback journal of another database'));
    shell('rm "$1-journal"', left);
    expect(await nodeIds(open(left))).toEqual(['first', 'second']);
  });

  test('the log of another program is rejected', async () => {
    const { left } = await setUp();
    const foreign = join(newFolder(), 'foreign.sqlite');
    const database = new DatabaseSync(foreign);
    onTestFinished(() => database.close());
    database.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (a)');
    shell('cp "$1-wal" "$2-wal"', foreign, left);
    expect(refusal(left)).toEqual(mixed('the write-ahead log of another database'));
  });
});

test('whatever a fleet has been through, a crash leaves consistent files with everything that was acknowledged', async () => {
  const step = fc.constantFrom(
    'write',
    'write much',
    'restart',
    'command beside',
    'read long',
    'PASSIVE',
    'TRUNCATE',
    'crash',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 14 }), async (steps) => {
      const folder = mkdtempSync(join(tmpdir(), 'mixed-files-'));
      let path = join(folder, 'fleet.sqlite');
      let store = openSqliteStore(path);
      const expected: string[] = [];
      const readers: DatabaseSync[] = [];
      const add = async (on: SqliteStore): Promise<void> => {
        const nodeId = `n${String(expected.length).padStart(3, '0')}`;
        await addNode(on, nodeRecord(nodeId));
        expected.push(nodeId);
      };
      try {
        for (const [index, name] of steps.entries()) {
          if (name === 'write') await add(store);
          if (name === 'write much') {
            await add(store);
            const status = runtimeStatus('x'.repeat(4_200_000));
            await store.saveReport(expected.at(-1) ?? '', heartbeatReport(1, { status, statusHash: 'h' }));
          }
          if (name === 'restart') {
            store.close();
            store = openSqliteStore(path);
          }
          if (name === 'command beside') {
            const other = openSqliteStore(path, { create: false });
            await add(other);
            other.close();
          }
          // What other programs do to the log, such as SQLite's own shell.
          if (name === 'PASSIVE' || name === 'TRUNCATE') {
            const shellOfSqlite = new DatabaseSync(path);
            shellOfSqlite.exec(`PRAGMA wal_checkpoint(${name})`);
            shellOfSqlite.close();
          }
          if (name === 'read long') {
            const reader = new DatabaseSync(path, { readOnly: true });
            reader.exec('BEGIN; SELECT count(*) FROM node');
            readers.push(reader);
          }
          // Lets a log that has become long be written back.
          await new Promise((resolve) => setImmediate(resolve));
          if (name === 'crash') {
            const copy = join(folder, `${index}.sqlite`);
            shell('for end in "" -wal -wal-mark; do [ ! -e "$1$end" ] || cp "$1$end" "$2$end"; done', path, copy);
            for (const reader of readers.splice(0)) reader.close();
            store.close();
            path = copy;
            store = openSqliteStore(path);
          }
          expect(await nodeIds(store)).toEqual(expected);
        }
      } finally {
        for (const reader of readers) reader.close();
        store.close();
        rmSync(folder, { recursive: true });
      }
    }),
    { numRuns: 20 },
  );
}, 120_000);

const everyNode = { selector: { terms: [] }, max: 10 };

describe('under a running server', () => {
  const faults = [
    ['the file is deleted', 'rm "$1"', 'fleet.sqlite was deleted'],
    ['the file is moved away', 'mv "$1" "$1.away"', 'fleet.sqlite was deleted or moved away'],
    ['another file gets its name', 'cp "$2" "$1.new"; mv "$1.new" "$1"', 'fleet.sqlite was replaced'],
    ['a copy of itself gets its name', 'cp -p "$1" "$1.new"; mv "$1.new" "$1"', 'fleet.sqlite was replaced'],
    ['a backup is copied over it', 'cp "$2" "$1"', 'fleet.sqlite was overwritten'],
    ['it is emptied', ': > "$1"', 'fleet.sqlite was overwritten'],
    ['the log is deleted', 'rm "$1-wal"', 'fleet.sqlite-wal was deleted'],
    ['the log is emptied', ': > "$1-wal"', 'fleet.sqlite-wal was overwritten'],
    ['another log is copied over it', 'cp "$3-wal" "$1-wal"', 'fleet.sqlite-wal was overwritten'],
    ['the index of the log is deleted', 'rm "$1-shm"', 'fleet.sqlite-shm was deleted'],
    ['all of them are deleted', 'rm "$1"*', 'fleet.sqlite was deleted'],
    ['its folder is moved away', 'mv "$(dirname "$1")" "$(dirname "$1").away"', 'fleet.sqlite was deleted'],
    ['a backup gets its name and the log is deleted', 'rm "$1"*; cp "$2" "$1"', 'fleet.sqlite was replaced'],
  ] as const;

  const setUp = async () => {
    const { path, store } = await newFleet('first', join(newDataFolder(), 'fleet.sqlite'));
    const backup = join(newFolder(), 'backup.sqlite');
    await backUpSqliteFleet(path, backup);
    const other = await newFleet('other');
    return { path, store, backup, other };
  };

  test.for(faults)(
    '%s: nothing is acknowledged any longer, and the new files are left alone',
    async ([, script, said]) => {
      const { path, store, backup, other } = await setUp();
      // Another thread has the files open, too.
      const operator = store.as({ actor: 'system', nowMs: NOW_MS });
      expect(await operator.countFleet(everyNode)).toBe(1);
      shell(script, path, backup, other.path);
      const before = snapshot(path);
      const told = { code: 'database-files-mixed', message: expect.stringContaining(said) };
      await expect(store.createNode(nodeRecord('second'), NOW_MS)).rejects.toMatchObject(told);
      await expect(store.saveReport('first', heartbeatReport(1))).rejects.toMatchObject(told);
      await expect(store.probe(NOW_MS)).rejects.toMatchObject(told);
      await new Promise((resolve) => setTimeout(resolve, SEEN_TO_MS * 2));
      await expect(store.findNode('first')).rejects.toMatchObject(told);
      await expect(operator.countFleet(everyNode)).rejects.toMatchObject(told);
      store.close();
      expect(snapshot(path)).toEqual(before);
    },
  );

  test('the restored files are the fleet again', async () => {
    const { path, store } = await setUp();
    shell('mv "$1" "$1.away"', path);
    await expect(store.probe(NOW_MS)).rejects.toMatchObject({ code: 'database-files-mixed' });
    shell('mv "$1.away" "$1"', path);
    expect(await store.createNode(nodeRecord('second'), NOW_MS)).toBe('created');
    expect(await store.as({ actor: 'system', nowMs: NOW_MS }).countFleet(everyNode)).toBe(2);
  });

  test('a backup copied over the file is complete once the server has ended and the log is deleted', async () => {
    const { path, store, backup } = await setUp();
    await store.createNode(nodeRecord('second'), NOW_MS);
    shell('cp "$1" "$2"', backup, path);
    store.close();
    expect(refusal(path)).toEqual(mixed('another database', 'If you restored fleet.sqlite from a backup'));
    deleteLog(path);
    // This process has not ended: what it left open keeps that very file from being opened anew.
    shell('cp "$1" "$1.new"; mv "$1.new" "$1"', path);
    expect(await nodeIds(open(path))).toEqual(['first']);
  });

  test('a folder that replaces the server’s own keeps the log that came with it', async () => {
    const { path, store, other } = await setUp();
    const folder = join(path, '..');
    shell(
      'mv "$1" "$1.away"; mkdir "$1"; for end in "" -wal -wal-mark; do cp "$2$end" "$3$end"; done',
      folder,
      other.path,
      path,
    );
    store.close();
    expect(readdirSync(folder)).toContain('fleet.sqlite-wal');
    expect(await nodeIds(open(path))).toEqual(['other']);
  });
});

/** Longer ago, the files are looked at once more before anything is read. */
const SEEN_TO_MS = 5;

/** The content of every existing file of the fleet. */
function snapshot(path: string): Record<string, string> {
  return Object.fromEntries(
    Object.values(fleetFiles(path))
      // The index of the log is no data.
      .filter((file) => existsSync(file) && !file.endsWith('-shm'))
      .map((file) => [file, execFileSync('sh', ['-c', 'sha256sum "$1"', 'sh', file], { encoding: 'utf8' })]),
  );
}
