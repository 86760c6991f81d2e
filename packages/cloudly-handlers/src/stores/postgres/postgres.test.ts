import { inspect } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type CloudlyProcess, startCloudlyProcess } from '../../../test/fixtures/cloudly-process.js';
import { guarded, isSkipped, TIMEOUT_MS, unlessInstalled } from '../../../test/fixtures/postgres-server.js';
import { createSchemaPool, type SchemaPool } from '../../../test/fixtures/schema-pool.js';
import { usePostgres } from '../../../test/fixtures/use-postgres.js';
import type { NodeStore } from '../../fleet/node-store.js';
import { createJoinToken } from '../../operator/create-join-token.js';
import { isFleetStoreError, openPostgresStore, type PostgresStore, type PostgresStoreOptions } from '../../postgres.js';
import {
  accountStoreBehaviours,
  fleetStoreBehaviours,
  nodeStoreBehaviours,
  type OpenedStore,
} from '../../store-suite.js';
import { migrations } from './migrations.js';
import { openWithMigrations } from './open-postgres-store.js';
import { cloudlyBehaviours } from '../suite/cloudly-behaviours.js';
import { raceBehaviours } from '../suite/race-behaviours.js';
import { addNode, heartbeatReport, nodeRecord, runtimeStatus } from '../suite/fixtures.js';

describe.skipIf(isSkipped)(`the store in PostgreSQL${unlessInstalled}`, { timeout: TIMEOUT_MS }, () => {
  const server = usePostgres();
  let cloudly: CloudlyProcess;
  let admin: pg.Client;
  let schemas: SchemaPool;

  beforeAll(async () => {
    cloudly = startCloudlyProcess(server.url());
    schemas = createSchemaPool(server.url(), 'emptied');
    admin = new pg.Client(server.url());
    await admin.connect();
    await admin.query(`CREATE ROLE ${guarded.user} LOGIN PASSWORD '${guarded.password}'`);
  }, TIMEOUT_MS);
  afterAll(async () => {
    await admin?.end();
    await cloudly?.kill();
  });

  let schemaCount = 0;
  const newSchema = (): string => `fleet_${(schemaCount += 1)}`;

  const openStore = async (options: PostgresStoreOptions = {}) => {
    const schema = newSchema();
    const store = await openPostgresStore(server.url(), { schema, maxConnections: 2, ...options });
    onTestFinished(() => store.close());
    return { schema, store };
  };

  const failureOf = async (url: string, options?: PostgresStoreOptions): Promise<unknown> =>
    openPostgresStore(url, options).then(
      (store) => store.close().then(() => 'opened'),
      (error: unknown) => error,
    );

  const refused = (code: string, message: string) =>
    expect.objectContaining({ code, message: expect.stringContaining(message) as string });

  describe('keeps every promise of a store', () => {
    const open = async (schema: string): Promise<OpenedStore<PostgresStore>> => {
      const store = await openPostgresStore(server.url(), { schema, maxConnections: 2 });
      return { store, openAgain: () => open(schema), close: () => store.close() };
    };

    const withElsewhere = [...cloudlyBehaviours, ...raceBehaviours];
    const alone = nodeStoreBehaviours.filter((behaviour) => !withElsewhere.includes(behaviour));

    const openEmpty = async (): Promise<OpenedStore<PostgresStore>> => {
      const { schema, giveBack } = await schemas.take();
      onTestFinished(giveBack);
      return open(schema);
    };

    test.for(alone)('$name', async ({ run }) => {
      await expect(run(openEmpty)).resolves.toBeUndefined();
    });

    test.for([...fleetStoreBehaviours, ...accountStoreBehaviours])('$name', async ({ run }) => {
      await expect(run(openEmpty)).resolves.toBeUndefined();
    });

    const openWithProcess = async (): Promise<OpenedStore> => {
      const schema = newSchema();
      const elsewhere = { store: cloudly.store(schema), close: async () => undefined };
      return { ...(await open(schema)), openAgain: async () => elsewhere };
    };

    test.for(withElsewhere)('$name, with a process elsewhere', async ({ run }) => {
      await expect(run(openWithProcess)).resolves.toBeUndefined();
    });
  });

  describe('a report of a node that was looked up before', () => {
    const tokenHash = 'a'.repeat(64);
    const addSeenNode = async (store: NodeStore, nodeId: string, hash = tokenHash) => {
      await addNode(store, nodeRecord(nodeId, { currentToken: { id: nodeId, hash, issuedAtMs: 0 } }));
    };
    /** Two processes on one fleet. */
    const openTwo = async () => {
      const { schema, store } = await openStore();
      const other = await openPostgresStore(server.url(), { schema, maxConnections: 1 });
      onTestFinished(() => other.close());
      return { schema, store, other };
    };

    test('is written by what was seen, and closes the slots that its predecessor filled', async () => {
      const { store } = await openTwo();
      await addSeenNode(store, 'n');
      const hour = 3_600_000;
      for (const [index, atMs] of [0, 1, 2 * hour, 5 * hour].entries()) {
        await store.findNodeByTokenHash(tokenHash);
        expect(await store.saveReport('n', heartbeatReport(index + 1, { receivedAtMs: atMs }))).toBe(true);
      }
      const counts = (await store.listHistory('n', 'hours')).map(({ startMs, heartbeatCount }) => [
        startMs / hour,
        heartbeatCount,
      ]);
      expect(counts).toEqual([
        [0, 2],
        [2, 1],
        [5, 1],
      ]);
    });

    test('counts on top of what another process has written meanwhile', async () => {
      const { store, other } = await openTwo();
      await addSeenNode(store, 'n');
      await store.findNodeByTokenHash(tokenHash);
      await other.saveReport('n', heartbeatReport(1, { receivedAtMs: 0 }));
      expect(await store.saveReport('n', heartbeatReport(2, { receivedAtMs: 1 }))).toBe(true);
      expect((await store.listHistory('n', 'hours')).map(({ heartbeatCount }) => heartbeatCount)).toEqual([2]);
    });

    test('is not kept if another process of the node has taken over meanwhile, or the node is gone', async () => {
      const { store, other } = await openTwo();
      await addSeenNode(store, 'n');
      await store.findNodeByTokenHash(tokenHash);
      await other.replaceNode({ ...nodeRecord('n'), bootId: 'boot-2' });
      expect(await store.saveReport('n', heartbeatReport(1))).toBe(false);
      await addSeenNode(store, 'm', 'b'.repeat(64));
      await store.findNodeByTokenHash('b'.repeat(64));
      await other.removeNode('m');
      expect(await store.saveReport('m', heartbeatReport(1))).toBe(false);
    });

    test('is written once a transaction has ended that it got into a deadlock with', async () => {
      const { schema, store } = await openTwo();
      const hashes = ['a', 'b'].map((letter) => letter.repeat(64));
      await addSeenNode(store, 'a', hashes[0]);
      await addSeenNode(store, 'b', hashes[1]);
      // The first one also changes how a node is heard.
      await Promise.all(['a', 'b'].map((nodeId) => store.saveReport(nodeId, heartbeatReport(1))));
      await Promise.all(hashes.map((hash) => store.findNodeByTokenHash(hash)));
      const lock = (nodeId: string) =>
        admin.query(`UPDATE ${schema}.presence SET status_head = NULL WHERE node_id = $1`, [nodeId]);
      await admin.query('BEGIN');
      await lock('b');
      const saved = ['a', 'b'].map((nodeId) => store.saveReport(nodeId, heartbeatReport(2)));
      const waits = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%accepted_boot_id%'";
      const isWaiting = async () => {
        const watcher = new pg.Client(server.url());
        await watcher.connect();
        const { rowCount } = await watcher.query(waits);
        await watcher.end();
        return rowCount;
      };
      await expect.poll(isWaiting).toBe(1);
      await lock('a');
      await admin.query('COMMIT');
      expect(await Promise.all(saved)).toEqual([true, true]);
    });

    test('is written in the place of the one before, so that a fleet leaves no dead rows in indexes', async () => {
      const { schema, store } = await openStore();
      await addSeenNode(store, 'n');
      for (let sequence = 1; sequence <= 50; sequence += 1) {
        if (sequence % 2 === 0) await store.findNodeByTokenHash(tokenHash);
        await store.saveReport('n', heartbeatReport(sequence));
      }
      // A connection reports what it has done when it ends, at the latest.
      await store.close();
      const updates = async () => {
        const { rows } = await admin.query<{ n_tup_upd: string; n_tup_hot_upd: string }>(
          "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE schemaname = $1 AND relname = 'presence'",
          [schema],
        );
        return rows.map((row) => [Number(row.n_tup_upd), Number(row.n_tup_hot_upd)]);
      };
      await expect.poll(updates).toEqual([[50, 50]]);
    });
  });

  describe('the partitions of its history', () => {
    const hour = 3_600_000;
    const day = 24 * hour;
    const startMs = 20_800 * day;
    const partitions = async (schema: string): Promise<unknown[]> => {
      const text = "SELECT tablename FROM pg_tables WHERE schemaname = $1 AND tablename ~ '_detail_[0-9]+$' ORDER BY 1";
      return (await admin.query<{ tablename: string }>(text, [schema])).rows.map(({ tablename }) => tablename);
    };
    const nextDays = ['history_detail_20800', 'history_detail_20801', 'history_detail_20802'];
    const openTidied = async () => {
      const opened = await openStore();
      await opened.store.tidy(startMs);
      await addNode(opened.store, nodeRecord('n'));
      const beat = (sequence: number, atMs: number) =>
        opened.store.saveReport('n', heartbeatReport(sequence, { receivedAtMs: startMs + atMs }));
      const detail = async () => (await opened.store.listHistory('n', 'detail')).map((slot) => slot.startMs - startMs);
      return { ...opened, beat, detail };
    };

    test('are made two ahead, once, and dropped as a whole when a day is too old', async () => {
      const { schema, store, beat, detail } = await openTidied();
      expect(await partitions(schema)).toEqual(nextDays);
      for (const [index, atMs] of [0, hour, day, day + hour, 2 * day].entries()) await beat(index + 1, atMs);
      const { rows } = await admin.query(`SELECT count(*)::int AS count FROM ${schema}.history_detail_rest`);
      expect(rows).toEqual([{ count: 0 }]);

      // The slot at the start is too old, and its day is not yet.
      expect(await store.tidy(startMs + day + 10 * 60_000)).toBe(false);
      expect(await detail()).toEqual([hour, day, day + hour, 2 * day]);
      expect(await partitions(schema)).toEqual([...nextDays, 'history_detail_20803']);

      expect(await store.tidy(startMs + 2 * day)).toBe(false);
      expect(await detail()).toEqual([day, day + hour, 2 * day]);
      expect(await partitions(schema)).toEqual([...nextDays.slice(1), 'history_detail_20803', 'history_detail_20804']);
    });

    test('are left for later while somebody uses the table, and nobody waits for that', async () => {
      const { schema, store, beat, detail } = await openTidied();
      await beat(1, 0);
      await admin.query('BEGIN');
      await admin.query(`SELECT FROM ${schema}.history LIMIT 1`);
      expect(await store.tidy(startMs + 3 * day)).toBe(true);
      expect(await partitions(schema)).toEqual(nextDays);
      await beat(2, 3 * day);
      expect(await detail()).toEqual([3 * day]);
      await admin.query('COMMIT');
      expect(await store.tidy(startMs + 3 * day)).toBe(false);
      expect(await partitions(schema)).toEqual([
        'history_detail_20802',
        ...[3, 4, 5].map((n) => `history_detail_2080${n}`),
      ]);
    });

    test('are made by one of many processes, and none is made over slots that came before it', async () => {
      const { schema, store } = await openStore();
      await addNode(store, nodeRecord('n'));
      await store.saveReport('n', heartbeatReport(1, { receivedAtMs: startMs }));
      await store.saveReport('n', heartbeatReport(2, { receivedAtMs: startMs + hour }));
      const stores = await Promise.all(
        Array.from({ length: 4 }, () => openPostgresStore(server.url(), { schema, maxConnections: 1 })),
      );
      await Promise.all(stores.map((each) => each.tidy(startMs)));
      await Promise.all(stores.map((each) => each.close()));
      await store.tidy(startMs);
      expect(await partitions(schema)).toEqual(nextDays.slice(1));
      expect(await store.listHistory('n', 'detail')).toHaveLength(2);
    });

    test('lose all slots of a node that is removed', async () => {
      const { schema, store, beat } = await openTidied();
      for (const [index, atMs] of [0, hour, day, 40 * day].entries()) await beat(index + 1, atMs);
      await store.removeNode('n');
      expect((await admin.query(`SELECT FROM ${schema}.history`)).rowCount).toBe(0);
    });
  });

  describe('its tables', () => {
    test('are created once if many processes start at once', async () => {
      const schema = newSchema();
      const opening = Array.from({ length: 8 }, () => openPostgresStore(server.url(), { schema, maxConnections: 1 }));
      const elsewhere = cloudly.store(schema).cloudlyId();
      const stores = await Promise.all(opening);
      const ids = await Promise.all(stores.map((store) => store.cloudlyId()));
      expect(new Set([...ids, await elsewhere]).size).toBe(1);
      await Promise.all(stores.map((store) => store.close()));
    });

    test('of an older version are upgraded with all their content by a program with the permission', async () => {
      const { schema, store } = await openStore();
      const node = nodeRecord('n', { bootId: 'boot-1' });
      await addNode(store, node);
      await store.saveReport('n', heartbeatReport(1, { status: runtimeStatus('a'), statusHash: 'h' }));
      const before = [await store.cloudlyId(), await store.findNode('n'), await store.findStatus('n')];
      const next = [...migrations, 'ALTER TABLE node ADD COLUMN site text; UPDATE node SET site = node_id'];

      const beside = openWithMigrations(server.url(), { schema, maxConnections: 1, create: false }, next);
      await expect(beside).rejects.toMatchObject({ code: 'database-older' });
      const { rows } = await admin.query(`SELECT schema_version FROM ${schema}.cloudly`);
      expect(rows).toEqual([{ schema_version: migrations.length }]);

      const opening = Array.from({ length: 4 }, () =>
        openWithMigrations(server.url(), { schema, maxConnections: 1 }, next),
      );
      const [upgraded, ...others] = await Promise.all(opening);
      if (!upgraded) throw new Error('nothing was opened');
      onTestFinished(() => upgraded.close());
      await Promise.all(others.map((other) => other.close()));
      expect([await upgraded.cloudlyId(), await upgraded.findNode('n'), await upgraded.findStatus('n')]).toEqual(
        before,
      );
      expect((await admin.query(`SELECT node_id, site FROM ${schema}.node`)).rows).toEqual([
        { node_id: 'n', site: 'n' },
      ]);
      expect(await failureOf(server.url(), { schema })).toEqual(refused('database-newer', `schema ${next.length}`));
    });

    test('of an older version stay unchanged if an upgrade fails', async () => {
      const { schema, store } = await openStore();
      await addNode(store, nodeRecord('n'));
      const next = [...migrations, 'ALTER TABLE node ADD COLUMN site text', 'SELECT 1 FROM missing'];
      await expect(openWithMigrations(server.url(), { schema }, next)).rejects.toMatchObject({
        code: 'database-unusable',
      });
      const { rows } = await admin.query(`SELECT * FROM ${schema}.node`);
      expect(rows.map((row: object) => 'site' in row)).toEqual([false]);
      const again = await openPostgresStore(server.url(), { schema, maxConnections: 1, create: false });
      onTestFinished(() => again.close());
      expect(await again.findNode('n')).toEqual({ node: nodeRecord('n') });
    });

    test('lie in their own schema, beside those of other programs', async () => {
      await admin.query('CREATE TABLE public.node (item text)');
      const { schema, store } = await openStore();
      await addNode(store, nodeRecord('n'));
      const { rows } = await admin.query('SELECT tablename FROM pg_tables WHERE schemaname = $1 ORDER BY 1', [schema]);
      expect(rows.map(({ tablename }) => tablename as unknown)).toEqual([
        'account',
        'alert',
        'alert_keeper',
        'bulk_job',
        'bulk_node',
        'cloudly',
        'command',
        'event',
        'event_head',
        'event_new',
        'history',
        'history_detail',
        'history_detail_rest',
        'history_hours',
        'history_hours_rest',
        'join_token',
        'maintenance',
        'node',
        'node_fact',
        'node_label',
        'node_profile',
        'node_view',
        'node_watch',
        'presence',
        'rollout',
        'rollout_node',
        'status',
        'webhook',
        'webhook_delivery',
      ]);
      expect((await admin.query('SELECT * FROM public.node')).rows).toEqual([]);
    });

    test('can be created by a user who owns only an empty schema', async () => {
      const schema = newSchema();
      await admin.query(`CREATE SCHEMA ${schema} AUTHORIZATION ${guarded.user}`);
      const url = server.url('postgres', `${guarded.user}:${guarded.password}`);
      const store = await openPostgresStore(url, { schema });
      onTestFinished(() => store.close());
      await addNode(store, nodeRecord('n'));
      expect(await store.findNode('n')).toEqual({ node: nodeRecord('n') });
    });

    test('keep no part of a join token but its readable ID', async () => {
      const { schema, store } = await openStore();
      const { joinToken, record } = await createJoinToken(store);
      const row = JSON.stringify((await admin.query(`SELECT * FROM ${schema}.join_token`)).rows);
      expect(row).toContain(record.id);
      expect(row).not.toContain(joinToken.split('_')[2]);
    });
  });

  describe('a database that cannot be used', () => {
    test('is of a newer version, and stays unchanged', async () => {
      const { schema } = await openStore();
      await admin.query(`UPDATE ${schema}.cloudly SET schema_version = 99`);
      expect(await failureOf(server.url(), { schema })).toEqual(refused('database-newer', '99'));
    });

    test("is another program's schema, and stays unchanged", async () => {
      const schema = newSchema();
      await admin.query(`CREATE SCHEMA ${schema} CREATE TABLE cloudly (item text)`);
      expect(await failureOf(server.url(), { schema })).toEqual(refused('database-foreign', 'another program'));
      const { rowCount } = await admin.query('SELECT FROM pg_tables WHERE schemaname = $1', [schema]);
      expect(rowCount).toBe(1);
    });

    test('has lost some of its tables, as after a partial restore', async () => {
      const { schema } = await openStore();
      await admin.query(`DROP TABLE ${schema}.command`);
      const expected = refused('database-unusable', 'only some of the tables');
      expect(await failureOf(server.url(), { schema })).toEqual(expected);
      expect(await failureOf(server.url(), { schema, create: false })).toEqual(expected);
    });

    test('holds no fleet, and none may be created', async () => {
      const schema = newSchema();
      expect(await failureOf(server.url(), { schema, create: false })).toEqual(refused('database-missing', schema));
      await admin.query(`CREATE SCHEMA ${schema}`);
      expect(await failureOf(server.url(), { schema, create: false })).toEqual(refused('database-missing', schema));
      expect(await failureOf(server.url(), { schema })).toBe('opened');
      expect(await failureOf(server.url(), { schema, create: false })).toBe('opened');
    });

    test('has an encoding other than UTF8', async () => {
      await admin.query(`CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0`);
      expect(await failureOf(server.url('latin'))).toEqual(refused('database-unusable', 'LATIN1'));
    });

    test('does not exist', async () => {
      expect(await failureOf(server.url('missing'))).toEqual(refused('database-unusable', '"missing" does not exist'));
    });

    test('denies its user the right to create a schema', async () => {
      const url = server.url('postgres', `${guarded.user}:${guarded.password}`);
      expect(await failureOf(url)).toEqual(refused('database-unusable', 'permission denied'));
    });

    test('rejects the password, which appears in no message', async () => {
      const failure = await failureOf(server.url('postgres', `${guarded.user}:a-wrong-password`));
      expect(failure).toEqual(refused('database-unusable', 'password authentication failed'));
      expect(inspect(failure, { depth: 10, showHidden: true })).not.toContain('a-wrong-password');
    });

    test('does not answer, and its password appears in no message', async () => {
      const failure = await failureOf('postgres://user:a-right-password@127.0.0.1:1/fleet');
      expect(failure).toEqual(refused('database-unreachable', 'PostgreSQL at 127.0.0.1:1, database fleet'));
      expect(inspect(failure, { depth: 10, showHidden: true })).not.toContain('a-right-password');
      expect(isFleetStoreError(failure)).toBe(true);
    });

    test.for([
      'mysql://user:secret@host/database',
      'secret',
      '',
      'postgres://user:12#secret@host/database',
      'postgres://user:12/secret@host/database',
      'postgres://user:secret%@host:port/database',
    ])('is not looked up by the connection string %j, which is not repeated', async (url) => {
      const failure = await failureOf(url);
      expect(failure).toBeInstanceOf(TypeError);
      expect(inspect(failure)).not.toContain('secret');
    });

    test.for([
      { schema: 'Fleet' },
      { schema: '' },
      { schema: 'pg_fleet' },
      { schema: 'a; DROP TABLE node' },
      { maxConnections: 0 },
      { timeoutMs: 1.5 },
    ])('is not looked up with the options %j', async (options) => {
      await expect(openPostgresStore(server.url(), options)).rejects.toThrow(TypeError);
    });
  });

  describe('reports that arrive together', () => {
    const nodeIds = Array.from({ length: 20 }, (_, index) => `n${index}`);
    const setUp = async () => {
      const opened = await openStore();
      for (const nodeId of nodeIds) await addNode(opened.store, nodeRecord(nodeId));
      return opened;
    };

    test('share one transaction, and each learns whether it was stored', async () => {
      const { schema, store } = await setUp();
      const saved = [...nodeIds, 'unknown'].map((nodeId) => store.saveReport(nodeId, heartbeatReport(1)));
      expect(await Promise.all(saved)).toEqual([...nodeIds.map(() => true), false]);
      const { rows } = await admin.query(
        `SELECT count(DISTINCT xmin::text)::int AS transactions FROM ${schema}.presence`,
      );
      expect(rows).toEqual([{ transactions: 1 }]);
    });

    test('are written without the one that cannot be, and only that one is lost', async () => {
      const { store } = await setUp();
      const poison = heartbeatReport(1, { expectedByMs: Number.NaN });
      const saved = nodeIds.map((nodeId, index) => store.saveReport(nodeId, index === 7 ? poison : heartbeatReport(1)));
      const outcomes = await Promise.allSettled(saved);
      expect(outcomes.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))).toEqual([7]);
      expect((await store.findNode('n8'))?.lastHeartbeat?.sequence).toBe(1);
      expect((await store.findNode('n7'))?.lastHeartbeat).toBeUndefined();
    });

    test('are written early if the store is closed', async () => {
      const { schema, store } = await setUp();
      const saved = store.saveReport('n1', heartbeatReport(1));
      await store.close();
      expect(await saved).toBe(true);
      expect((await cloudly.store(schema).findNode('n1'))?.lastHeartbeat?.sequence).toBe(1);
    });

    test('preserve a status to the character, with everything JSON can express', async () => {
      const { schema, store } = await setUp();
      const text = '{"z":1,"a":"\\u0000 \\ud800","__proto__":{"x":1},"constructor":null,"10":1e+21,"2":-0.5}';
      const status = { ...runtimeStatus('a'), device: JSON.parse(text) as object };
      await store.saveReport('n1', heartbeatReport(1, { status, statusHash: 'h' }));
      const { rows } = await admin.query(`SELECT status FROM ${schema}.status`);
      expect(rows).toEqual([{ status: JSON.stringify(status) }]);
      expect(JSON.stringify((await store.findStatus('n1'))?.status)).toBe(JSON.stringify(status));
    });
  });

  describe('a closed store', () => {
    test('rejects, and can be closed again', async () => {
      const { store } = await openStore();
      await store.close();
      await store.close();
      await expect(store.listJoinTokens()).rejects.toThrow('The store was closed');
      await expect(store.saveReport('n', heartbeatReport(1))).rejects.toThrow('The store was closed');
    });

    test('has finished everything that had begun', async () => {
      const { schema, store } = await openStore();
      await addNode(store, nodeRecord('a'));
      const created = ['b', 'c', 'd', 'e', 'f'].map((nodeId) => store.createNode(nodeRecord(nodeId), 0));
      await store.close();
      expect(new Set(await Promise.all(created))).toEqual(new Set(['created']));
      expect(await cloudly.store(schema).listNodes({ limit: 10 })).toHaveLength(6);
    });
  });
});
