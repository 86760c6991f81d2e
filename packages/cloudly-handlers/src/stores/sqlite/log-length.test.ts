import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as after } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { addNode, heartbeatReport, nodeRecord, runtimeStatus } from '../suite/fixtures.js';
import { openSqliteStore } from './open-sqlite-store.js';

const MEGABYTE = 1_000_000;

async function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'log-length-'));
  const path = join(folder, 'fleet.sqlite');
  const store = openSqliteStore(path);
  const reader = new DatabaseSync(path, { readOnly: true });
  onTestFinished(() => {
    reader.close();
    store.close();
    rmSync(folder, { recursive: true });
  });
  await addNode(store, nodeRecord('n'));
  let sequence = 0;
  const writeMuch = () => {
    sequence += 1;
    // SQLite leaves pages alone whose content stays as it is.
    const status = runtimeStatus(String(sequence % 10).repeat(6 * MEGABYTE));
    return store.saveReport('n', heartbeatReport(sequence, { status, statusHash: 'h' }));
  };
  const logBytes = (): number => statSync(`${path}-wal`).size;
  const untilShort = async (): Promise<void> => {
    while (logBytes() > 0) await after(20);
  };
  return { reader, writeMuch, logBytes, untilShort };
}

test('a log that has become long is written back and truncated', async () => {
  const { writeMuch, logBytes, untilShort } = await setUp();
  for (let count = 0; count < 3; count += 1) await writeMuch();
  expect(logBytes()).toBeGreaterThan(15 * MEGABYTE);
  await untilShort();
});

test('a log that another process reads is truncated once that process has ended, even without further writes', async () => {
  const { reader, writeMuch, logBytes, untilShort } = await setUp();
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM node').get();
  for (let count = 0; count < 3; count += 1) await writeMuch();
  await after(50);
  expect(logBytes()).toBeGreaterThan(15 * MEGABYTE);
  reader.exec('COMMIT');
  await untilShort();
});
