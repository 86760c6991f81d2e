import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createJoinToken } from '../../operator/create-join-token.js';
import {
  apiTokenRecord,
  invitationRecord,
  operatorRecord,
  saveAccounts,
  sessionRecord,
} from '../suite/accounts/account-fixtures.js';
import { addNode, heartbeatReport, joinTokenRecord, nodeRecord, NOW_MS, runtimeStatus } from '../suite/fixtures.js';
import { backUpSqliteFleet } from './back-up.js';
import { openSqliteStore } from './open-sqlite-store.js';
import type { SqliteStore } from './sqlite-store.js';

function now(): number {
  return NOW_MS;
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cloudly-handlers-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

function open(path: string): SqliteStore {
  const store = openSqliteStore(path);
  onTestFinished(() => store.close());
  return store;
}

/** An open fleet, and the path for its backup. */
function newFleet() {
  const [folder, elsewhere] = [newFolder(), newFolder()];
  const path = join(folder, 'fleet.sqlite');
  return { path, elsewhere, backupPath: join(elsewhere, 'backup.sqlite'), store: open(path) };
}

describe('a backup', () => {
  test('has the whole fleet as it was', async () => {
    const { path, backupPath, store } = newFleet();
    await addNode(store, nodeRecord('n'));
    await store.saveReport('n', heartbeatReport(1, { status: runtimeStatus('a'), statusHash: 'h' }));
    const before = await store.findNode('n');
    await backUpSqliteFleet(path, backupPath, { now });
    await addNode(store, nodeRecord('later'));

    const copy = open(backupPath);
    expect(await copy.cloudlyId()).toBe(await store.cloudlyId());
    expect(await copy.findNode('n')).toEqual(before);
    expect(await copy.findStatus('n')).toEqual(await store.findStatus('n'));
    expect(await copy.findNode('later')).toBeUndefined();
  });

  test('is one file that only its owner can read', async () => {
    const { path, backupPath, elsewhere } = newFleet();
    await backUpSqliteFleet(path, backupPath, { now });
    expect(readdirSync(elsewhere)).toEqual(['backup.sqlite']);
    expect(statSync(backupPath).mode & 0o777).toBe(0o600);
  });

  test('lets nobody in who had a session, an invitation or an API token', async () => {
    const { path, backupPath, store } = newFleet();
    const operators = [operatorRecord('ada')];
    await saveAccounts(store.accounts, {
      operators,
      apiTokens: [apiTokenRecord('ci')],
      sessions: [sessionRecord('s')],
    });
    await saveAccounts(store.accounts, { invitations: [invitationRecord('i')] });
    const before = await store.accounts.read();
    await backUpSqliteFleet(path, backupPath, { now });

    const revoked = [{ ...apiTokenRecord('ci'), revokedAtMs: NOW_MS, revokedReason: expect.any(String) as string }];
    expect(await open(backupPath).accounts.read()).toEqual({
      operators,
      apiTokens: revoked,
      invitations: [],
      sessions: [],
    });
    expect(await store.accounts.read()).toEqual(before);
  });

  test('knows that it is a backup until it is recovered, and the fleet does not', async () => {
    const { path, backupPath, store } = newFleet();
    expect(await backUpSqliteFleet(path, backupPath, { now })).toEqual({ takenAtMs: NOW_MS, frozenJoinTokens: [] });
    expect(store.backupTakenAtMs()).toBeUndefined();
    const restored = open(backupPath);
    expect(restored.backupTakenAtMs()).toBe(NOW_MS);
    await restored.forgetBackup();
    expect(restored.backupTakenAtMs()).toBeUndefined();
  });

  test('has another epoch of events than the fleet, and than any other backup of it', async () => {
    const { path, backupPath, elsewhere, store } = newFleet();
    const before = await store.eventsEpoch();
    await backUpSqliteFleet(path, backupPath, { now });
    await backUpSqliteFleet(path, join(elsewhere, 'second.sqlite'), { now });
    expect(await store.eventsEpoch()).toBe(before);
    const copies = [open(backupPath), open(join(elsewhere, 'second.sqlite'))];
    const epochs = await Promise.all(copies.map((copy) => copy.eventsEpoch()));
    expect(new Set([before, ...epochs])).toHaveLength(3);
  });

  test('of an unrecovered backup is as old as that one', async () => {
    const { path, backupPath, elsewhere } = newFleet();
    await backUpSqliteFleet(path, backupPath, { now });
    await backUpSqliteFleet(backupPath, join(elsewhere, 'second.sqlite'), { now: () => NOW_MS + 5 });
    expect(open(join(elsewhere, 'second.sqlite')).backupTakenAtMs()).toBe(NOW_MS);
  });

  test('admits no node by the join tokens in it, and the fleet still does', async () => {
    const { path, backupPath, store } = newFleet();
    const { record } = await createJoinToken(store, { now });
    const old = joinTokenRecord('old', { expiresAtMs: NOW_MS });
    await store.addJoinToken(old);
    const { frozenJoinTokens } = await backUpSqliteFleet(path, backupPath, { now });
    expect(frozenJoinTokens).toEqual([expect.objectContaining({ id: record.id, revokedAtMs: NOW_MS })]);
    const [frozen] = frozenJoinTokens;

    const copy = open(backupPath);
    expect(await copy.listJoinTokens()).toEqual([frozen, old]);
    const newcomer = { ...nodeRecord('newcomer'), joinTokenId: record.id };
    expect(await copy.createNode(newcomer, NOW_MS)).toBe('join-token-not-usable');
    expect(await store.createNode(newcomer, NOW_MS)).toBe('created');
  });

  test('does not overwrite a file', async () => {
    const { path, backupPath, elsewhere } = newFleet();
    writeFileSync(backupPath, 'the backup of yesterday');
    await expect(backUpSqliteFleet(path, backupPath, { now })).rejects.toMatchObject({ code: 'EEXIST' });
    expect(readFileSync(backupPath, 'utf8')).toBe('the backup of yesterday');
    expect(readdirSync(elsewhere)).toEqual(['backup.sqlite']);
  });

  test('that cannot be written leaves nothing behind', async () => {
    const { path, elsewhere } = newFleet();
    const missing = join(elsewhere, 'missing', 'backup.sqlite');
    await expect(backUpSqliteFleet(path, missing, { now })).rejects.toMatchObject({ code: 'ENOENT' });
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  test('is made of a fleet only, and creates none', async () => {
    const folder = newFolder();
    const [missing, empty, foreign] = ['missing', 'empty', 'foreign'].map((name) => join(folder, name));
    writeFileSync(empty ?? '', '');
    const database = new DatabaseSync(foreign ?? '');
    database.exec('CREATE TABLE t (a)');
    database.close();
    const codeOf = (path = '') =>
      backUpSqliteFleet(path, join(folder, 'backup'), { now }).catch(({ code }: { code: unknown }) => code);
    expect(await Promise.all([missing, empty, foreign].map(codeOf))).toEqual([
      'database-missing',
      'database-missing',
      'database-foreign',
    ]);
    expect(existsSync(missing ?? '')).toBe(false);
    expect(readdirSync(folder).toSorted()).toEqual(['empty', 'foreign']);
  });

  test('that replaces the fleet is the fleet', async () => {
    const { path, backupPath, store } = newFleet();
    await addNode(store, nodeRecord('n'));
    await backUpSqliteFleet(path, backupPath, { now });
    await addNode(store, nodeRecord('later'));
    store.close();
    copyFileSync(backupPath, path);
    const restored = open(path);
    expect((await restored.listNodes({ limit: 10 })).map(({ node }) => node.nodeId)).toEqual(['n']);
    expect(await restored.createNode(nodeRecord('another'), NOW_MS)).toBe('join-token-not-usable');
  });
});
