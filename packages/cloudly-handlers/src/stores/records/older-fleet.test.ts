import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { shareResource } from '../../../../../test/shared-resources/shared-resource.js';
import { isSkipped, TIMEOUT_MS } from '../../../test/fixtures/postgres-server.js';
import { commandState } from '../../fleet/command-state.js';
import type { StoreWithAccounts } from '../../accounts/account-store.js';
import { openSqliteStore } from '../../sqlite.js';
import { migrations as postgresMigrations } from '../postgres/migrations.js';
import { openPostgresStore, openWithMigrations } from '../postgres/open-postgres-store.js';
import { migrations as sqliteMigrations } from '../sqlite/migrations.js';
import { migrate } from '../sqlite/schema.js';
import { operatorRecord, saveAccounts } from '../suite/accounts/account-fixtures.js';
import { commandRecord, heartbeatReport, nodeRecord, NOW_MS, runtimeStatus } from '../suite/fixtures.js';

const DAY_MS = 86_400_000;

/** A database with the first version of its schema, and this in it; then opened by the newest version. */
type UpgradeFrom = (content: string) => Promise<StoreWithAccounts>;

const inSqlite: UpgradeFrom = async (content) => {
  const folder = mkdtempSync(join(tmpdir(), 'cloudly-handlers-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'fleet.sqlite');
  const before = new DatabaseSync(path);
  migrate(before, sqliteMigrations.slice(0, 1));
  before.exec(content);
  before.close();
  const store = openSqliteStore(path);
  onTestFinished(() => store.close());
  return store;
};

const inPostgres: UpgradeFrom = async (content) => {
  const url = await shareResource('postgres');
  const schema = `s${randomUUID().replaceAll('-', '')}`;
  await (await openWithMigrations(url, { schema }, postgresMigrations.slice(0, 1))).close();
  const before = new pg.Client(url);
  await before.connect();
  await before.query(`SET search_path TO ${schema}; ${content}`);
  await before.end();
  const store = await openPostgresStore(url, { schema });
  onTestFinished(() => store.close());
  return store;
};

const databases = [
  { name: 'SQLite', upgradeFrom: inSqlite },
  { name: 'PostgreSQL', upgradeFrom: inPostgres },
];

test.for(isSkipped ? databases.slice(0, 1) : databases)(
  'the commands of a fleet from before they had an end are kept, listed and ended, on $name',
  { timeout: TIMEOUT_MS },
  async ({ upgradeFrom }) => {
    const kept = { queuedAtMs: NOW_MS, expiresAtMs: NOW_MS + 60_000 };
    const result = JSON.stringify({ outcome: 'failed', receivedAtMs: NOW_MS });
    const commands = [
      ['untold', 'NULL', 'NULL'],
      ['told', NOW_MS, 'NULL'],
      ['done', NOW_MS, `'${result}'`],
    ].map(([id, listedAtMs, text]) => {
      const record = JSON.stringify(commandRecord(String(id), { kind: 'blink', ...kept }));
      return `('n', '${id}', ${kept.queuedAtMs}, ${kept.expiresAtMs}, ${listedAtMs}, ${text}, '${record}')`;
    });
    const store = await upgradeFrom(`
      INSERT INTO node (node_id, revision, join_token_id, record) VALUES ('n', 1, 'join', '${JSON.stringify(nodeRecord('n'))}');
      INSERT INTO presence (node_id) VALUES ('n');
      INSERT INTO command (node_id, id, queued_at_ms, expires_at_ms, listed_at_ms, result, record)
      VALUES ${commands.join()};`);

    const statesAt = async (nowMs: number) =>
      Object.fromEntries(
        (await store.listCommands('n', 9)).map((command) => [command.id, commandState(command, nowMs)]),
      );
    expect(await statesAt(NOW_MS)).toEqual({ untold: 'queued', told: 'listed', done: 'failed' });
    const endAt = async (nowMs: number) => (await store.endCommands(nowMs, 9)).map(({ command }) => command.id);
    expect(await endAt(NOW_MS + 60_000)).toEqual(['untold']);
    // Their kinds were not asked about when they got their end.
    expect(await endAt(NOW_MS + 2 * DAY_MS)).toEqual(['told']);
    expect(await statesAt(NOW_MS + 2 * DAY_MS)).toEqual({ untold: 'expired', told: 'unknown', done: 'failed' });
  },
);

test.for(isSkipped ? databases.slice(0, 1) : databases)(
  'a fleet from before there were operators has facts after a sweep, and its nodes have events, on $name',
  { timeout: TIMEOUT_MS },
  async ({ upgradeFrom }) => {
    const registeredAtMs = NOW_MS - DAY_MS;
    const records = {
      heard: nodeRecord('heard', { registeredAtMs, approvedAtMs: NOW_MS }),
      pending: nodeRecord('pending', { registeredAtMs }),
      revoked: nodeRecord('revoked', { registeredAtMs, approvedAtMs: NOW_MS, revokedAtMs: NOW_MS }),
    };
    const { receivedAtMs, expectedByMs = 0, bootId, ...rest } = heartbeatReport(1, { receivedAtMs: NOW_MS });
    const last = { ...rest, bootId, receivedAtMs, expectedByMs, counts: { detail: 1, hours: 1 } };
    const head = { bootId, receivedAtMs };
    const nodes = Object.entries(records).map(([nodeId, record]) => {
      const { joinTokenId, approvedAtMs = 'NULL', revokedAtMs = 'NULL' } = record;
      return `('${nodeId}', 1, '${joinTokenId}', ${approvedAtMs}, ${revokedAtMs}, '${JSON.stringify({ ...record, revision: 1 })}')`;
    });
    const store = await upgradeFrom(`
      INSERT INTO node (node_id, revision, join_token_id, approved_at_ms, revoked_at_ms, record) VALUES ${nodes.join()};
      INSERT INTO presence (node_id) VALUES ('pending'), ('revoked');
      INSERT INTO presence (node_id, accepted_boot_id, expected_by_ms, last_heartbeat, status_head)
      VALUES ('heard', '${bootId}', ${expectedByMs}, '${JSON.stringify(last)}', '${JSON.stringify(head)}');
      INSERT INTO status (node_id, status) VALUES ('heard', '${JSON.stringify(runtimeStatus('shop-7'))}');`);

    const operator = store.as({ actor: 'operator:ada', nowMs: NOW_MS });
    const states = async () =>
      (await operator.findFleetNodes(Object.keys(records))).map(({ facts, state }) => [
        facts.nodeId,
        facts.registeredAtMs,
        facts.approval,
        state,
      ]);
    expect(await states()).toEqual([
      ['heard', registeredAtMs, 'approved', 'never-seen'],
      ['pending', registeredAtMs, 'pending', 'pending'],
      ['revoked', registeredAtMs, 'revoked', 'revoked'],
    ]);
    while ((await store.sweep({ nowMs: NOW_MS, upSinceMs: 0, limit: 2 })).isMore);
    expect((await states())[0]).toEqual(['heard', registeredAtMs, 'approved', 'online']);
    expect((await operator.findNodesNamed('shop-7', 9)).map(({ facts }) => facts.nodeId)).toEqual(['heard']);
    // What was there before is no news.
    expect(await operator.listEvents({ limit: 9 })).toEqual([]);

    while ((await store.keepAlerts({ nowMs: NOW_MS, groupLabel: 'site', limit: 2 })).isMore);
    const { alerts } = await operator.listAlerts({ limit: 9 });
    expect(alerts.map(({ id, sinceMs }) => [id, sinceMs])).toEqual([['pending-approval:pending', registeredAtMs]]);

    const position = (await operator.listEvents({ limit: 1 }))[0]?.position;
    const profile = await operator.findProfile('heard');
    expect(profile).toMatchObject({ labels: {} });
    await operator.replaceProfile({ nodeId: 'heard', revision: profile?.revision ?? 0, labels: { site: 'berlin' } });
    expect(await operator.listEvents({ after: position, limit: 9 })).toMatchObject([{ kind: 'node-labelled' }]);
    expect(await store.eventsEpoch()).not.toBe('');
    // It has no operators, so it waits for the first.
    const { accounts } = store;
    expect(await accounts.read()).toEqual({ operators: [], invitations: [], apiTokens: [], sessions: [] });
    await saveAccounts(accounts, { operators: [operatorRecord('ada')] });
    expect((await accounts.read()).operators).toEqual([operatorRecord('ada')]);
  },
);
