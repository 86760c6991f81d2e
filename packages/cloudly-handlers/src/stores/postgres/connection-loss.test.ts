import process from 'node:process';
import pg from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createCloudly } from '../../../test/fixtures/cloudly.js';
import { enrol } from '../../../test/fixtures/enrol.js';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { addWorkToken, findLost, nothing, startWork } from '../../../test/fixtures/acknowledged-work.js';
import { isSkipped, TIMEOUT_MS, unlessInstalled } from '../../../test/fixtures/postgres-server.js';
import { usePostgres } from '../../../test/fixtures/use-postgres.js';
import { queueCommand } from '../../operator/queue-command.js';
import { openPostgresStore } from '../../postgres.js';
import { addNode, heartbeatReport, nodeRecord, runtimeStatus } from '../suite/fixtures.js';
import { openDatabase } from './database.js';

function statusOf(version: string) {
  return { ...runtimeStatus('a'), agent: { name: 'baserunner', version } };
}

describe.skipIf(isSkipped)(`a store that loses its PostgreSQL${unlessInstalled}`, { timeout: TIMEOUT_MS }, () => {
  // What is not written when it is acknowledged, a crash of the server loses.
  const server = usePostgres({ wal_writer_delay: '10s' });

  let schemaCount = 0;
  const openStore = async (timeoutMs = 10_000, user?: string) => {
    const schema = `fleet_${(schemaCount += 1)}`;
    const store = await openPostgresStore(server.url('postgres', user), { schema, timeoutMs });
    onTestFinished(() => store.close());
    return store;
  };

  const administer = async <Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> => {
    const admin = new pg.Client(server.url());
    await admin.connect();
    const { rows } = await admin.query<Row>(sql);
    await admin.end();
    return rows;
  };

  const connectionsOfStores = () =>
    administer<{ pid: number }>(`SELECT pid FROM pg_stat_activity WHERE application_name = 'baseos-cloudly'`);

  test('says so while the server is away, and continues once it is back', async () => {
    const store = await openStore();
    await addNode(store, nodeRecord('n'));
    await server.crash();
    const attempts = [
      store.findNode('n'),
      store.replaceNode(nodeRecord('n')),
      store.saveReport('n', heartbeatReport(1)),
    ];
    for (const { status, ...outcome } of await Promise.allSettled(attempts)) {
      expect({ status, ...outcome }).toMatchObject({ status: 'rejected', reason: { code: 'database-unreachable' } });
    }
    await server.start();
    expect(await store.findNode('n')).toEqual({ node: nodeRecord('n') });
    expect(await store.saveReport('n', heartbeatReport(1))).toBe(true);
  });

  test('loses nothing that was acknowledged before the server crashed under load', async () => {
    const store = await openStore();
    await addWorkToken(store);
    const work = startWork(store, 'work', 200);
    await work.underWay;
    await server.crash();
    // Heartbeats may lag.
    const { seen, ...acknowledged } = await work.ended;
    await server.start();
    expect(await findLost(store, { ...acknowledged, seen: [] })).toEqual(nothing);
    expect(seen.length).toBeGreaterThan(0);
    const [token, nodes] = [await store.findJoinToken('join'), await store.listNodes({ limit: 1_000_000 })];
    expect(token?.usedCount).toBe(nodes.length);
  });

  test('keeps what a report has told, and that report, when the server crashes', async () => {
    const store = await openStore();
    await addNode(store, nodeRecord('n', { approvedAtMs: 1 }));
    const report = (sequence: number, version: string) =>
      store.saveReport('n', heartbeatReport(sequence, { status: statusOf(version) }));
    await report(1, '1.0.0');
    await report(2, '2.0.0');
    await server.crash();
    await server.start();
    const told = await store.as({ actor: 'system', nowMs: 0 }).listEvents({ kinds: ['agent-changed'], limit: 9 });
    expect(told.map(({ details }) => details)).toEqual([{ from: '1.0.0', to: '2.0.0' }]);
    expect((await store.findStatus('n'))?.status).toEqual(statusOf('2.0.0'));
  });

  test('may lose a transaction that lags, unless it was to be durable after all', async () => {
    const database = openDatabase({
      connectionString: server.url(),
      tls: false,
      location: 'here',
      maxConnections: 1,
      timeoutMs: 10_000,
    });
    onTestFinished(() => database.close());
    await administer('CREATE TABLE public.kept (name text)');
    const insert = { text: 'INSERT INTO public.kept VALUES ($1)' };
    await database.laggingTransaction(async ({ query, beDurable }) => {
      await query(insert, ['durable']);
      beDurable();
    });
    await database.laggingTransaction(({ query }) => query(insert, ['lagging']));
    await server.crash();
    await server.start();
    expect(await administer('SELECT name FROM public.kept')).toEqual([{ name: 'durable' }]);
  });

  test('loses nothing even if the server would acknowledge before it has written', async () => {
    await administer('CREATE ROLE hasty SUPERUSER LOGIN; ALTER ROLE hasty SET synchronous_commit = off');
    const store = await openStore(10_000, 'hasty');
    await addNode(store, nodeRecord('n'));
    await server.crash();
    await server.start();
    expect(await store.findNode('n')).toEqual({ node: nodeRecord('n') });
  });

  test('survives the end of idle connections unnoticed', async () => {
    const store = await openStore();
    await addNode(store, nodeRecord('n'));
    await administer(
      `SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = 'baseos-cloudly'`,
    );
    expect(await store.findNode('n')).toEqual({ node: nodeRecord('n') });
  });

  test('still wakes the nodes of each server for what was queued while its listening connection was lost', async () => {
    const store = await openStore();
    const other = await openPostgresStore(server.url(), { schema: `fleet_${schemaCount}` });
    onTestFinished(() => other.close());
    const servers = await Promise.all(
      [store, other].map(async (each) => {
        const cloudly = createCloudly(each, { wakeWaitMs: 240_000 });
        const device = createEmulatedNode();
        return { cloudly, device, nodeToken: await enrol(cloudly, device) };
      }),
    );
    const listening = `FROM pg_stat_activity WHERE query LIKE 'LISTEN fleet_${schemaCount}'`;
    const losses = {
      'the connections end': async () => {
        await administer(`SELECT pg_terminate_backend(pid, 10000) ${listening}`);
      },
      'PostgreSQL crashes': async () => {
        await server.crash();
        await server.start();
      },
    };
    for (const [loss, lose] of Object.entries(losses)) {
      const answers: Promise<unknown>[] = [];
      for (const { cloudly, device, nodeToken } of servers) {
        // What was queued before is told.
        const beat = () => cloudly.heartbeat(device.heartbeat(), nodeToken);
        await expect.poll(beat).toMatchObject({ answer: { wake: { waitMs: 240_000 } } });
        cloudly.advance(60_000);
        answers.push(cloudly.wake(nodeToken).then(({ answer }) => answer?.wake));
        await expect.poll(cloudly.handlers.countWaiting).toBe(1);
      }
      await expect.poll(async () => (await administer(`SELECT pid ${listening}`)).length, { timeout: 60_000 }).toBe(2);
      await lose();
      for (const [index, { cloudly, device }] of servers.entries()) {
        const through = servers[1 - index]?.cloudly.store ?? store;
        await queueCommand(through, device.nodeId, { kind: 'blink' }, { now: cloudly.now });
      }
      expect({ loss, answers: await Promise.all(answers) }).toEqual({ loss, answers: [true, true] });
    }
    expect(servers.flatMap(({ cloudly }) => cloudly.errors)).toEqual([]);
  });

  test('gives up on a server that stops responding, and continues with another connection', async () => {
    // The server may still be ending those of the test before.
    await expect.poll(connectionsOfStores).toEqual([]);
    const store = await openStore(2000);
    await addNode(store, nodeRecord('n'));
    const stopped = await connectionsOfStores();
    const signal = (name: NodeJS.Signals): void => stopped.forEach(({ pid }) => void process.kill(pid, name));
    signal('SIGSTOP');
    onTestFinished(() => signal('SIGCONT'));
    const attempts = stopped.map(() => store.findNode('n'));
    for (const outcome of await Promise.allSettled(attempts)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'database-unreachable' } });
    }
    expect(await store.findNode('n')).toEqual({ node: nodeRecord('n') });
  });

  test('closes while the server is away', async () => {
    const store = await openStore();
    await addNode(store, nodeRecord('n'));
    await server.crash();
    const saved = store.saveReport('n', heartbeatReport(1)).catch((error: unknown) => error);
    await store.close();
    expect(await saved).toMatchObject({ code: 'database-unreachable' });
    await server.start();
  });
});
