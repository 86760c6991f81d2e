import { endpoints } from '@serve.zone/baseos-contracts';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { addWorkToken, findLost, nothing, startWork } from '../../../test/fixtures/acknowledged-work.js';
import { type CloudlyProcess, startCloudlyProcess } from '../../../test/fixtures/cloudly-process.js';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { isSkipped, TIMEOUT_MS, unlessInstalled } from '../../../test/fixtures/postgres-server.js';
import { usePostgres } from '../../../test/fixtures/use-postgres.js';
import { createJoinToken } from '../../operator/create-join-token.js';
import { revokeNode } from '../../operator/operator.js';
import { openPostgresStore } from '../../postgres.js';
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
  const server = usePostgres();
  let one: CloudlyProcess;
  let other: CloudlyProcess;
  beforeAll(() => {
    [one, other] = [startCloudlyProcess(server.url()), startCloudlyProcess(server.url())];
  });
  afterAll(async () => {
    await Promise.all([one?.kill(), other?.kill()]);
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

  test('accept a token that one of them has just issued, and reject one that one of them has just revoked', async () => {
    const { schema, store } = await openStore();
    const device = createEmulatedNode();
    const { joinToken } = await createJoinToken(store);
    const registered = await registerAt(one, schema, device.registration(), joinToken);
    expect(registered.status).toBe(201);
    const nodeToken = registered.body.nodeToken ?? '';
    expect(await heartbeatAt(other, schema, device.heartbeat(), nodeToken)).toMatchObject({ status: 200 });
    expect(await registerAt(other, schema, createEmulatedNode().registration(), joinToken)).toMatchObject({
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

  test('lose no change if one node talks to both of them at once', async () => {
    const { schema, store } = await openStore();
    const device = createEmulatedNode();
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

  describe('wait for each other without a deadlock', () => {
    // Whoever is the victim of a deadlock rejects.
    const nodeIds = Array.from({ length: 24 }, (_, index) => `n${index}`);
    const commandIds = Array.from({ length: 12 }, (_, index) => `c${index}`);

    /** A fleet, to which three processes do something at once. */
    const setUp = async () => {
      const { schema, store } = await openStore();
      await addWorkToken(store);
      return { schema, store, parties: [store, one.store(schema), other.store(schema)] as const };
    };

    /** Each from another start, and every second one backwards. */
    const turned = (ids: readonly string[], by: number): string[] => {
      const order = [...ids.slice(by * 7), ...ids.slice(0, by * 7)];
      return by % 2 ? order.toReversed() : order;
    };

    test('when they write heartbeats of the same nodes', async () => {
      const { store, parties } = await setUp();
      for (const nodeId of nodeIds) await addNode(store, nodeRecord(nodeId));
      await Promise.all(
        parties.map(async (party, index) => {
          for (let sequence = 1; sequence <= 30; sequence += 1) {
            const order = turned(nodeIds, (index + sequence) % 3);
            await Promise.all(order.map((nodeId) => party.saveReport(nodeId, heartbeatReport(sequence))));
          }
        }),
      );
      const nodes = await store.listNodes({ limit: 100 });
      expect(nodes.map(({ lastHeartbeat }) => lastHeartbeat?.sequence)).toEqual(nodeIds.map(() => 30));
    });

    test('when one writes heartbeats of nodes that others change and remove', async () => {
      const { schema, store, parties } = await setUp();
      const [reporting, changing, removing] = parties;
      for (let round = 0; round < 8; round += 1) {
        const name = (nodeId: string): string => `${nodeId}-${round}`;
        for (const nodeId of nodeIds) await addNode(store, nodeRecord(name(nodeId)));
        const report = (sequence: number, nodeId: string) => {
          const receivedAtMs = NOW_MS + sequence * 3_600_000;
          return reporting.saveReport(
            name(nodeId),
            heartbeatReport(sequence, { receivedAtMs, status: runtimeStatus('a') }),
          );
        };
        const change = (nodeId: string) =>
          changing.replaceNode(nodeRecord(name(nodeId), { nextToken: issued(name(nodeId)) }));
        await Promise.all([
          ...nodeIds.map((nodeId) => report(1, nodeId)),
          ...turned(nodeIds, 1).map(change),
          ...turned(nodeIds, 2).map((nodeId) => removing.removeNode(name(nodeId))),
        ]);
      }
      expect(await orphansOf(schema)).toEqual([]);
      expect(await store.listNodes({ limit: 100 })).toEqual([]);
    });

    test('when they deliver results of the same commands, and one removes the node', async () => {
      const { schema, store, parties } = await setUp();
      for (let round = 0; round < 8; round += 1) {
        const nodeId = `n-${round}`;
        await addNode(store, nodeRecord(nodeId));
        // Queued in another order than that of their IDs.
        const queue = commandIds.map((id, index) => commandRecord(id, { queuedAtMs: NOW_MS - index }));
        await Promise.all(queue.map((command) => store.addCommand(nodeId, command)));
        const delivering = parties.flatMap((party, index) =>
          [0, 1, 2].map((by) => {
            const results = turned(commandIds, (index + by) % 3).map((id) => ({ id, outcome: 'succeeded' }) as const);
            return party.saveCommandResults(nodeId, results, NOW_MS);
          }),
        );
        const others = parties.flatMap((party) => [party.offerCommands(nodeId, NOW_MS, 16), party.tidy(NOW_MS + 1e12)]);
        await Promise.all([parties[round % 3]?.removeNode(nodeId), ...delivering, ...others]);
      }
      expect(await orphansOf(schema)).toEqual([]);
    });

    test('when one removes a node during the delivery of its results', async () => {
      const { schema, store, parties } = await setUp();
      const [, removing, delivering] = parties;
      await addNode(store, nodeRecord('n'));
      const ids = ['a', 'b', 'c', 'd', 'e'];
      // Queued in another order than that of their IDs, and of their rows.
      for (const [index, id] of ids.entries()) {
        await store.addCommand('n', commandRecord(id, { queuedAtMs: NOW_MS - index }));
      }

      const { admin, untilWaiting } = await watchLocks();
      await admin.query(`BEGIN; SELECT FROM ${schema}.command WHERE id = 'c' FOR UPDATE`);
      const results = ids.map((id) => ({ id, outcome: 'succeeded' }) as const);
      const delivered = delivering.saveCommandResults('n', results, NOW_MS);
      await untilWaiting(1);
      const removed = removing.removeNode('n');
      await untilWaiting(2);
      await admin.query('COMMIT');
      expect((await delivered).map(({ id }) => id)).toEqual(ids);
      expect(await removed).toBe(true);
    });

    test('when one removes a node while it gets a label', async () => {
      const { schema, store, parties } = await setUp();
      const [, removing] = parties;
      await addNode(store, nodeRecord('n'));
      const { admin, untilWaiting } = await watchLocks();
      await admin.query(`BEGIN; SELECT FROM ${schema}.node_profile FOR UPDATE`);
      const labelling = other.operator(schema, { actor: 'operator:ada', nowMs: NOW_MS });
      const labelled = labelling.replaceProfile({ nodeId: 'n', revision: 1, labels: { site: 'berlin' } });
      await untilWaiting(1);
      const removed = removing.removeNode('n');
      await untilWaiting(2);
      await admin.query('COMMIT');
      expect(await labelled).toBe(true);
      expect(await removed).toBe(true);
      expect(await orphansOf(schema)).toEqual([]);
    });

    const watchLocks = async () => {
      const admin = new pg.Client(server.url());
      await admin.connect();
      onTestFinished(() => admin.end());
      const untilWaiting = async (expected: number): Promise<void> => {
        const sql = 'SELECT FROM pg_locks WHERE NOT granted';
        while ((await admin.query(sql)).rowCount !== expected);
      };
      return { admin, untilWaiting };
    };

    const orphansOf = async (schema: string): Promise<unknown[]> => {
      const admin = new pg.Client(server.url());
      await admin.connect();
      const tables = [
        'presence',
        'status',
        'history',
        'command',
        'node_fact',
        'node_watch',
        'node_profile',
        'node_label',
      ];
      const orphans = tables.map(
        (table) =>
          `SELECT '${table}', node_id FROM ${schema}.${table} WHERE node_id NOT IN (SELECT node_id FROM ${schema}.node)`,
      );
      const { rows } = await admin.query(orphans.join(' UNION ALL '));
      await admin.end();
      return rows;
    };
  });

  test('count every heartbeat once, whichever of them receives it', async () => {
    const { schema, store } = await openStore();
    await addNode(store, nodeRecord('n'));
    const parties = [store, one.store(schema), other.store(schema)];
    let kept = 0;
    for (let round = 0; round < 20; round += 1) {
      const outcomes = parties.map((party, index) =>
        party.saveReport('n', heartbeatReport(round * 3 + index + 1, { receivedAtMs: NOW_MS })),
      );
      kept += (await Promise.all(outcomes)).filter(Boolean).length;
    }
    const [slot] = await store.listHistory('n', 'hours');
    expect(slot?.heartbeatCount).toBe(kept);
    expect((await store.findNode('n'))?.lastHeartbeat?.sequence).toBe(60);
  });

  test('lose nothing that one of them acknowledged before it was killed under load, again and again', async () => {
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

  test('issue only the token of the process whose change came first', async () => {
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
