import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
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
  const asked = operator.addBulkJob(job, everyNode, 10_000);
  const frozen = database.prepare('SELECT count(*) AS count FROM bulk_node');
  const counts = new Set<unknown>();
  let isDone = false;
  const done = asked.finally(() => (isDone = true));
  while (!isDone) {
    const count = frozen.get()?.['count'];
    counts.add(count);
    const found = await operator.findBulkJob('j');
    if (found)
      expect({ waiting: found.waiting, frozen: frozen.get()?.['count'] }).toEqual({ waiting: COUNT, frozen: COUNT });
    else expect(await operator.listBulkJobs(10)).toEqual([]);
    await new Promise(setImmediate);
  }
  expect((await done)?.nodeCount).toBe(COUNT);
  expect([...counts]).toEqual(expect.arrayContaining([2000, 4000]));
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
