import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as aTurn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { BulkJob } from '../../fleet-store/bulk-job.js';
import { addNode, nodeRecord, NOW_MS } from '../suite/fixtures.js';
import { openSqliteStore } from './open-sqlite-store.js';

const COUNT = 4500;
const everyNode = { terms: [] };
const job: Omit<BulkJob, 'nodeCount'> = {
  id: 'j',
  createdAtMs: NOW_MS,
  actor: 'host:ada',
  role: 'admin',
  action: { kind: 'approve' },
  selector: '',
  confirmUntilMs: NOW_MS + 1000,
};

/** A fleet of more nodes than are frozen at once. */
async function openLarge() {
  const folder = mkdtempSync(join(tmpdir(), 'large-jobs-'));
  const path = join(folder, 'fleet.sqlite');
  const store = openSqliteStore(path);
  const database = new DatabaseSync(path);
  onTestFinished(() => {
    database.close();
    store.close();
    rmSync(folder, { recursive: true });
  });
  await addNode(store, nodeRecord('n'));
  database.exec(`
    INSERT INTO node SELECT 'n' || value, revision, join_token_id, approved_at_ms, revoked_at_ms, NULL, NULL, record
    FROM node, (WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < ${COUNT - 1}) SELECT value FROM n)`);
  const facts = database
    .prepare("SELECT name FROM pragma_table_info('node_fact') WHERE name <> 'node_id'")
    .all()
    .map(({ name }) => `node_fact.${String(name)}`)
    .join(', ');
  database.exec(`INSERT INTO node_fact SELECT node.node_id, ${facts} FROM node, node_fact WHERE node.node_id <> 'n'`);
  return { database, operator: store.as({ actor: 'host:ada', nowMs: NOW_MS }) };
}

test('a job of many nodes is there once all of them are frozen, and in pieces until then', async () => {
  const { database, operator } = await openLarge();
  const frozen = database.prepare('SELECT count(*) AS count FROM bulk_node');
  const look = async () => ({
    frozen: frozen.get()?.['count'],
    waiting: (await operator.findBulkJob('j'))?.waiting,
    jobs: (await operator.listBulkJobs(10)).length,
  });
  const asked = operator.addBulkJob(job, everyNode, 10_000);
  const looks = [];
  for (;;) {
    const seen = await look();
    looks.push(seen);
    if (seen.waiting !== undefined) break;
    await aTurn();
  }
  expect(await asked).toEqual({ ...job, nodeCount: COUNT });
  expect(looks.at(-1)).toEqual({ frozen: COUNT, waiting: COUNT, jobs: 1 });
  const before = looks.slice(0, -1);
  expect(before.map(({ frozen: count }) => count)).toEqual(expect.arrayContaining([2000, 4000]));
  expect(before.filter(({ jobs }) => jobs > 0)).toEqual([]);
});

test('of a job that is asked for twice at once, one is kept, with its nodes once', async () => {
  const { operator } = await openLarge();
  const [one, other] = await Promise.all([
    operator.addBulkJob(job, everyNode, 10_000),
    operator.addBulkJob({ ...job, createdAtMs: NOW_MS + 1 }, everyNode, 10_000),
  ]);
  expect(other).toEqual(one);
  expect(await operator.listBulkJobs(10)).toMatchObject([{ job: one, waiting: COUNT }]);
  await operator.confirmBulkJob('j');
  expect(await operator.takeBulkNodes('j', 10_000, NOW_MS + 1000)).toHaveLength(COUNT);
});
