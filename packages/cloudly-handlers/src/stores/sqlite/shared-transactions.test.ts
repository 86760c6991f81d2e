import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test, vi } from 'vitest';
import { addNode, nodeRecord, NOW_MS } from '../suite/fixtures.js';
import { openSqliteStore } from './open-sqlite-store.js';
import type { SqliteStore } from './sqlite-store.js';

/** A store, and how often it has waited for the disk. */
function openCounted() {
  const folder = mkdtempSync(join(tmpdir(), 'shared-transactions-'));
  const path = join(folder, 'fleet.sqlite');
  const store = openSqliteStore(path);
  const exec = vi.spyOn(DatabaseSync.prototype, 'exec');
  onTestFinished(() => {
    exec.mockRestore();
    store.close();
    rmSync(folder, { recursive: true });
  });
  return { path, store, exec, commits: () => exec.mock.calls.filter(([text]) => text === 'COMMIT').length };
}

/** Renames nodes of revision 1 at once, and returns what each change has resolved with. */
function renameAll(store: SqliteStore, nodeIds: readonly string[]): Promise<boolean>[] {
  const operator = store.as({ actor: 'host:ada', nowMs: NOW_MS });
  return nodeIds.map((nodeId) => operator.replaceProfile({ nodeId, revision: 1, labels: {}, name: `gate ${nodeId}` }));
}

async function namesOf(store: SqliteStore, nodeIds: readonly string[]): Promise<(string | undefined)[]> {
  const operator = store.as({ actor: 'host:ada', nowMs: NOW_MS });
  const profiles = await Promise.all(nodeIds.map((nodeId) => operator.findProfile(nodeId)));
  return profiles.map((profile) => profile?.name);
}

test('changes that are asked for at once are written with one wait for the disk, each of them on its own', async () => {
  const { path, store, commits } = openCounted();
  for (const nodeId of ['a', 'b', 'c']) await addNode(store, nodeRecord(nodeId));
  const before = commits();
  expect(await Promise.all(renameAll(store, ['a', 'unknown', 'b', 'b', 'c']))).toEqual([
    true,
    false,
    true,
    false,
    true,
  ]);
  expect(commits() - before).toBe(1);
  const other = openSqliteStore(path, { create: false });
  onTestFinished(() => other.close());
  expect(await namesOf(other, ['a', 'b', 'c'])).toEqual(['gate a', 'gate b', 'gate c']);
});

test('a commit that fails fails no change that would be kept on its own', async () => {
  const { store, exec } = openCounted();
  for (const nodeId of ['a', 'b', 'c']) await addNode(store, nodeRecord(nodeId));
  let isFull = true;
  exec.mockImplementation(function (this: DatabaseSync, text: string) {
    if (text === 'COMMIT' && isFull) {
      isFull = false;
      throw Object.assign(new Error('database or disk is full'), { errcode: 13 });
    }
    this.prepare(text).run();
  });
  expect(await Promise.all(renameAll(store, ['a', 'b', 'c']))).toEqual([true, true, true]);
  expect(isFull).toBe(false);
  expect(await namesOf(store, ['a', 'b', 'c'])).toEqual(['gate a', 'gate b', 'gate c']);
});

test('changes that went into a file that was moved away are rejected, and not made again', async () => {
  const { path, store, exec, commits } = openCounted();
  for (const nodeId of ['a', 'b']) await addNode(store, nodeRecord(nodeId));
  exec.mockImplementation(function (this: DatabaseSync, text: string) {
    this.prepare(text).run();
    if (text === 'COMMIT') renameSync(path, `${path}.moved`);
  });
  const before = commits();
  const outcomes = await Promise.allSettled(renameAll(store, ['a', 'b']));
  const rejected = { status: 'rejected', reason: expect.objectContaining({ code: 'database-files-mixed' }) };
  expect(outcomes).toEqual([rejected, rejected]);
  expect(commits() - before).toBe(1);
  renameSync(`${path}.moved`, path);
});
