import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { commandState } from '../../fleet/command-state.js';
import { openSqliteStore } from '../../sqlite.js';
import { commandRecord, nodeRecord, NOW_MS } from '../suite/fixtures.js';
import { migrations } from './migrations.js';
import { migrate } from './schema.js';

const DAY_MS = 86_400_000;

test('the commands of a fleet from before they had an end are kept, listed and ended', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cloudly-handlers-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'fleet.sqlite');
  const before = new DatabaseSync(path);
  migrate(before, migrations.slice(0, 1));
  before
    .prepare("INSERT INTO node (node_id, revision, join_token_id, record) VALUES ('n', 1, 'join', ?)")
    .run(JSON.stringify(nodeRecord('n')));
  before.exec("INSERT INTO presence (node_id) VALUES ('n')");
  const insert = before.prepare(`
    INSERT INTO command (node_id, id, queued_at_ms, expires_at_ms, listed_at_ms, result, record)
    VALUES ('n', ?, ?, ?, ?, ?, ?)`);
  const kept = { queuedAtMs: NOW_MS, expiresAtMs: NOW_MS + 60_000 };
  const result = { outcome: 'failed', receivedAtMs: NOW_MS } as const;
  const times = [kept.queuedAtMs, kept.expiresAtMs];
  for (const [id, listedAtMs, text] of [
    ['untold', null, null],
    ['told', NOW_MS, null],
    ['done', NOW_MS, JSON.stringify(result)],
  ] as const) {
    insert.run(id, ...times, listedAtMs, text, JSON.stringify(commandRecord(id, { kind: 'blink', ...kept })));
  }
  before.close();

  const store = openSqliteStore(path);
  onTestFinished(() => store.close());
  const statesAt = async (nowMs: number) =>
    Object.fromEntries((await store.listCommands('n', 9)).map((command) => [command.id, commandState(command, nowMs)]));
  expect(await statesAt(NOW_MS)).toEqual({ untold: 'queued', told: 'listed', done: 'failed' });
  const endAt = async (nowMs: number) => (await store.endCommands(nowMs, 9)).map(({ command }) => command.id);
  expect(await endAt(NOW_MS + 60_000)).toEqual(['untold']);
  // Their kinds were not asked about when they got their end.
  expect(await endAt(NOW_MS + 2 * DAY_MS)).toEqual(['told']);
  expect(await statesAt(NOW_MS + 2 * DAY_MS)).toEqual({ untold: 'expired', told: 'unknown', done: 'failed' });
});
