import { endpoints } from '@serve.zone/baseos-contracts';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { addWorkToken, findLost, nothing, startWork } from '../fixtures/acknowledged-work.js';
import { type CloudlyProcess, startCloudlyProcess } from '../fixtures/cloudly-process.js';
import { createDevice } from '../fixtures/device.js';
import {
  isSkipped,
  type PostgresServer,
  startPostgres,
  TIMEOUT_MS,
  unlessInstalled,
} from '../fixtures/postgres-server.js';
import { createJoinToken } from '../join-token.js';
import { revokeNode } from '../operator.js';
import { openPostgresStore } from '../postgres.js';
import {
  addNode,
  commandRecord,
  heartbeatReport,
  issued,
  nodeRecord,
  NOW_MS,
  runtimeStatus,
} from '../suite/fixtures.js';

describe.skipIf(isSkipped)(`several processes on one PostgreSQL${unlessInstalled}`, { timeout: TIMEOUT_MS }, () => {
  let server: PostgresServer;
  let one: CloudlyProcess;
  let other: CloudlyProcess;
  beforeAll(async () => {
    server = await startPostgres();
    [one, other] = [startCloudlyProcess(server.url()), startCloudlyProcess(server.url())];
  }, TIMEOUT_MS);
  afterAll(async () => {
    await Promise.all([one?.kill(), other?.kill()]);
    await server?.remove();
  });

  let schemaCount = 0;
  const openStore = async () => {
    const schema = `fleet_${(schemaCount += 1)}`;
    const store = await openPostgresStore(server.url(), { schema });
    onTestFinished(() => store.close());
    return { schema, store };
  };

  const registerAt = (cloudly: CloudlyProcess, schema: string, body: object, joinToken: string) =>
    cloudly.request(schema, endpoints.register.path, body, joinToken);
  const heartbeatAt = (cloudly: CloudlyProcess, schema: string, body: object, nodeToken: string) =>
    cloudly.request(schema, endpoints.heartbeat.path, body, nodeToken);

  test('take a token that one of them has just issued, and refuse one that one of them has just revoked', async () => {
    const { schema, store } = await openStore();
    const device = await createDevice();
    const { joinToken } = await createJoinToken(store);
    const registered = await registerAt(one, schema, device.registration(), joinToken);
    expect(registered.status).toBe(201);
    const nodeToken = registered.body.nodeToken ?? '';
    expect(await heartbeatAt(other, schema, device.heartbeat(), nodeToken)).toMatchObject({ status: 200 });
    expect(await registerAt(other, schema, (await createDevice()).registration(), joinToken)).toMatchObject({
      status: 401,
      body: { code: 'join-token-used' },
    });

    await revokeNode(store, device.nodeId);
    for (const cloudly of [one, other]) {
      expect(await heartbeatAt(cloudly, schema, device.heartbeat(), nodeToken)).toMatchObject({
        status: 410,
        body: { code: 'node-revoked' },
      });
    }
  });

  test('lose no change when one node talks to both of them at once', async () => {
    const { schema, store } = await openStore();
    const device = await createDevice();
    const { joinToken } = await createJoinToken(store);
    const { body } = await registerAt(one, schema, device.registration(), joinToken);
    let nodeToken = body.nodeToken ?? '';

    for (let round = 0; round < 6; round += 1) {
      device.restart();
      const answers = await Promise.all([
        registerAt(one, schema, device.registration(), joinToken),
        registerAt(other, schema, device.registration(), joinToken),
        ...[one, other, one, other].map((cloudly) => heartbeatAt(cloudly, schema, device.heartbeat(), nodeToken)),
      ]);
      // A registration at one may outdate the token that a heartbeat brings to the other; nothing fails.
      expect(answers.map(({ status }) => status).filter((status) => status !== 200 && status !== 401)).toEqual([]);
      const issuedTokens = answers.flatMap((answer) => answer.body.nodeToken ?? []);
      const accepted: string[] = [];
      for (const token of issuedTokens) {
        const { status } = await heartbeatAt(one, schema, device.heartbeat(), token);
        if (status === 200) accepted.push(token);
      }
      expect(accepted).toHaveLength(1);
      nodeToken = accepted[0] ?? '';
    }
    expect(await store.countNodes(0)).toEqual({ active: 1, online: 1, pending: 0, revoked: 0 });
    expect((await store.findJoinToken((await store.listJoinTokens())[0]?.id ?? ''))?.usedCount).toBe(1);
  });

  test('wait for each other without a deadlock, whatever they do to the same nodes', async () => {
    const { schema, store } = await openStore();
    const nodeIds = Array.from({ length: 20 }, (_, index) => `n${index}`);
    for (const nodeId of nodeIds) await addNode(store, nodeRecord(nodeId));

    const commandIds = ['c1', 'c2', 'c3'];
    const burden = async (cloudly: CloudlyProcess, order: readonly string[]): Promise<void> => {
      const there = cloudly.store(schema);
      for (let sequence = 1; sequence <= 5; sequence += 1) {
        const receivedAtMs = NOW_MS + sequence * 300_000;
        await Promise.all(
          order.flatMap((nodeId) => [
            there.saveReport(nodeId, heartbeatReport(sequence, { receivedAtMs, status: runtimeStatus(nodeId) })),
            there.replaceNode(nodeRecord(nodeId, { revision: sequence, approvedAtMs: sequence })),
            ...commandIds.map((id) => there.addCommand(nodeId, commandRecord(id))),
            there.offerCommands(nodeId, NOW_MS, 16),
            there.saveCommandResults(
              nodeId,
              commandIds.toReversed().map((id) => ({ id, outcome: 'succeeded' })),
              NOW_MS,
            ),
          ]),
        );
        await Promise.all([there.tidy(NOW_MS + 1e12), ...order.slice(0, 3).map((nodeId) => there.removeNode(nodeId))]);
        for (const nodeId of order.slice(0, 3)) await there.createNode(nodeRecord(nodeId), NOW_MS);
      }
    };
    // Whoever is the victim of a deadlock rejects.
    await Promise.all([burden(one, nodeIds), burden(other, nodeIds.toReversed())]);

    const admin = new pg.Client(server.url());
    await admin.connect();
    onTestFinished(() => admin.end());
    for (const table of ['presence', 'status', 'history', 'command']) {
      const sql = `SELECT node_id FROM ${schema}.${table} WHERE node_id NOT IN (SELECT node_id FROM ${schema}.node)`;
      expect((await admin.query(sql)).rows).toEqual([]);
    }
    expect(await store.listNodes({ limit: 100 })).toHaveLength(20);
  });

  test('count every heartbeat once, to whichever of them it came', async () => {
    const { schema, store } = await openStore();
    await addNode(store, nodeRecord('n'));
    const reports = Array.from({ length: 200 }, (_, index) => heartbeatReport(index + 1, { receivedAtMs: NOW_MS }));
    const kept = await Promise.all(
      reports.map((report, index) => (index % 2 ? one : other).store(schema).saveReport('n', report)),
    );
    const [slot] = await store.listHistory('n', 'hours');
    expect(slot?.heartbeatCount).toBe(kept.filter(Boolean).length);
    expect((await store.findNode('n'))?.lastHeartbeat?.sequence).toBe(200);
  });

  test('lose nothing that one of them has acknowledged before it was killed under load, again and again', async () => {
    const { schema, store } = await openStore();
    await addWorkToken(store);
    for (const round of ['first', 'second', 'third']) {
      const killed = startCloudlyProcess(server.url());
      const work = startWork(killed.store(schema), round, 100);
      await work.underWay;
      await killed.kill();
      const acknowledged = await work.ended;
      expect(acknowledged.registered.length).toBeGreaterThan(0);
      expect(await findLost(store, acknowledged)).toEqual(nothing);
    }
    const nodes = await store.listNodes({ limit: 1_000_000 });
    expect((await store.findJoinToken('join'))?.usedCount).toBe(nodes.length);
  });

  test('give a token to the one of them whose change came first', async () => {
    const { schema, store } = await openStore();
    await addNode(store, nodeRecord('n'));
    for (let revision = 1; revision <= 10; revision += 1) {
      const names = [`one ${revision}`, `other ${revision}`];
      const won = await Promise.all(
        [one, other].map((cloudly, index) =>
          cloudly.store(schema).replaceNode(nodeRecord('n', { revision, nextToken: issued(names[index] ?? '') })),
        ),
      );
      expect(won.filter(Boolean)).toHaveLength(1);
      const winner = issued(names[won.indexOf(true)] ?? '');
      expect((await store.findNodeByTokenHash(winner.hash))?.node.revision).toBe(revision + 1);
    }
  });
});
