import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as aTurn } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createReadingWorker } from './reading-worker.js';

const ENDED = new Error('ended by the test');

/** A database with numbers, and what reads it. */
function setUp({ idleMs = 60_000 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'reading-'));
  const path = join(folder, 'numbers.sqlite');
  const writer = new DatabaseSync(path);
  writer.exec('PRAGMA journal_mode = WAL; CREATE TABLE number (value INTEGER); INSERT INTO number VALUES (1)');
  const worker = createReadingWorker({ path, busyTimeoutMs: 1000, idleMs });
  onTestFinished(() => {
    worker.end(ENDED);
    writer.close();
    rmSync(folder, { recursive: true });
  });
  return { writer, ...worker };
}

/** Takes seconds. */
const LONG = 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ?) SELECT count(*) AS count FROM n';

/** SQLite refuses this while another connection has the file open. */
function isAlone(database: DatabaseSync): boolean {
  try {
    return database.prepare('PRAGMA journal_mode = DELETE').get() !== undefined;
  } catch {
    return false;
  }
}

describe('a thread that reads', () => {
  test('resolves with rows, and rejects with the error of SQLite', async () => {
    const { rows } = setUp();
    expect(await rows('SELECT value, ? AS text, ? AS none FROM number', ['a', null])).toEqual([
      { value: 1, text: 'a', none: null },
    ]);
    await expect(rows('SELECT 1 FROM none', [])).rejects.toMatchObject({ message: 'no such table: none', errcode: 1 });
    expect(await rows('SELECT value FROM number', [])).toEqual([{ value: 1 }]);
  });

  test('reads what was written before it was asked', async () => {
    const { rows, writer } = setUp();
    for (let count = 1; count <= 20; count += 1) {
      expect(await rows('SELECT count(*) AS count FROM number', [])).toEqual([{ count }]);
      writer.exec('INSERT INTO number VALUES (0)');
    }
  });

  test('does not change anything', async () => {
    const { rows } = setUp();
    await expect(rows('DELETE FROM number', [])).rejects.toMatchObject({ errcode: 8 });
  });

  test('leaves the thread that asks to others', async () => {
    const { rows } = setUp();
    let isRead = false;
    const read = rows(LONG, [1_000_000]).then(() => (isRead = true));
    await aTurn();
    expect(isRead).toBe(false);
    await read;
  });

  test('answers in order, and rejects what still waits when it ends; the next read starts it again', async () => {
    const { rows, end } = setUp();
    const order: string[] = [];
    const reads = ['a', 'b'].map((name) => rows('SELECT 1', []).then(() => order.push(name)));
    await Promise.all(reads);
    expect(order).toEqual(['a', 'b']);
    const waiting = Promise.allSettled([rows(LONG, [3_000_000]), rows('SELECT 1', [])]);
    end(ENDED);
    expect(await waiting).toEqual([
      { status: 'rejected', reason: ENDED },
      { status: 'rejected', reason: ENDED },
    ]);
    expect(await rows('SELECT value FROM number', [])).toEqual([{ value: 1 }]);
  });

  test('has closed its connection when it has ended', async () => {
    const { rows, writer, end } = setUp();
    await rows('SELECT 1', []);
    end(ENDED);
    expect(isAlone(writer)).toBe(true);
  });

  test('rejects what it was asked when it dies, and the next read starts another', async () => {
    const { rows } = setUp();
    process.once('worker', (worker) => void worker.terminate());
    await expect(rows(LONG, [1_000_000])).rejects.toThrow('The thread that reads the database has ended');
    expect(await rows('SELECT value FROM number', [])).toEqual([{ value: 1 }]);
  });

  test('ends by itself when nobody reads, and starts again', async () => {
    const { rows, writer } = setUp({ idleMs: 0 });
    await rows('SELECT 1', []);
    await expect.poll(() => isAlone(writer)).toBe(true);
    expect(await rows('SELECT value FROM number', [])).toEqual([{ value: 1 }]);
  });
});
