import { type BulkAction, createFleet, createMemoryStore } from '@serve.zone/baseos-cloudly-handlers';
import { ada, boss, codeOf } from '@serve.zone/baseos-cloudly-handlers/fixtures/fleet-callers';
import { addNode, nodeRecord, NOW_MS } from '@serve.zone/baseos-cloudly-handlers/fixtures/fleet-records';
import { expect, test } from 'vitest';
import { serveFleet } from '../../test/fixtures/remote-fleet.js';

const approve: BulkAction = { kind: 'approve' };

async function setUp() {
  const store = createMemoryStore();
  for (let index = 0; index < 90; index += 1) await addNode(store, nodeRecord(`n${index}`));
  const fleet = createFleet({ store, now: () => NOW_MS });
  return { fleet, ...serveFleet(fleet) };
}

test('the server carries out a job once it is confirmed, and a client follows it to its end', async () => {
  const { clientOf, errors } = await setUp();
  const client = clientOf(ada);
  const { id, nodeCount } = await client.previewBulk({ action: approve, selector: '' });
  expect((await client.confirmBulk(id, nodeCount)).confirmedAtMs).toBe(NOW_MS);
  expect(await client.runBulk(id)).toMatchObject({ done: 90, failed: 0, waiting: 0, job: { endedAtMs: NOW_MS } });
  expect(await client.bulkResults(id, { outcome: 'done', limit: 1000 })).toHaveLength(90);
  expect(errors).toEqual([]);
});

test('a client that no longer follows a job leaves it to the server', async () => {
  const { clientOf, fleet } = await setUp();
  const client = clientOf(ada);
  const { id, nodeCount } = await client.previewBulk({ action: approve, selector: '' });
  await client.confirmBulk(id, nodeCount);
  const left = await client.runBulk(id, { signal: AbortSignal.abort() });
  expect(left.job.confirmedAtMs).toBe(NOW_MS);
  await expect.poll(async () => (await fleet.bulkProgress(ada, id)).job.endedAtMs).toBe(NOW_MS);
});

test('a job that another process has left is found by the upkeep', async () => {
  const { api, fleet } = await setUp();
  const { id, nodeCount } = await fleet.previewBulk(ada, { action: approve, selector: '' });
  await fleet.confirmBulk(ada, id, nodeCount);
  expect((await fleet.bulkProgress(ada, id)).waiting).toBe(90);
  api.runUpkeep();
  await expect.poll(async () => (await fleet.bulkProgress(ada, id)).job.endedAtMs).toBe(NOW_MS);
  expect(await fleet.bulkProgress(ada, id)).toMatchObject({ done: 90 });
});

test('a server that shuts down begins no further batch, and leaves the rest', async () => {
  const { api, fleet } = await setUp();
  const { id, nodeCount } = await fleet.previewBulk(ada, { action: approve, selector: '' });
  await fleet.confirmBulk(ada, id, nodeCount);
  await api.drain();
  api.runUpkeep();
  expect((await fleet.bulkProgress(ada, id)).waiting).toBe(90);
});

test('a job of somebody else is gone on with by an admin alone', async () => {
  const { clientOf } = await setUp();
  const { id } = await clientOf(boss).previewBulk({ action: approve, selector: '' });
  expect(await codeOf(clientOf(ada).runBulk(id))).toBe('role-insufficient');
  expect(await codeOf(clientOf(boss).runBulk(id))).toBe('done');
});
