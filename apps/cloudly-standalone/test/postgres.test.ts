import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as elapse } from 'node:timers/promises';
import { promisify } from 'node:util';
import {
  guarded,
  isSkipped,
  postgresProgram,
  TIMEOUT_MS,
  unlessInstalled,
} from '@serve.zone/baseos-cloudly-handlers/fixtures/postgres-server';
import { usePostgres } from '@serve.zone/baseos-cloudly-handlers/fixtures/use-postgres';
import pg from 'pg';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startStandaloneCloudly } from '../src/service/start-standalone-cloudly.js';
import { createEmulatedNode } from './emulated-node.js';
import { runCommand, runCommandIn } from './run-command.js';
import { temporaryFolder } from '@serve.zone/baseos-testing/files/temporary-folder';

describe.skipIf(isSkipped)(`a fleet in PostgreSQL${unlessInstalled}`, { timeout: TIMEOUT_MS }, () => {
  const postgres = usePostgres();
  let databaseCount = 0;

  const query = async (text: string, database?: string): Promise<Record<string, unknown>[]> => {
    const client = new pg.Client(postgres.url(database));
    await client.connect();
    const { rows } = await client.query<Record<string, unknown>>(text);
    await client.end();
    return rows;
  };
  const newDatabase = async (): Promise<string> => {
    const name = `fleet_${(databaseCount += 1)}`;
    await query(`CREATE DATABASE ${name}`);
    return name;
  };
  const start = async (databaseUrl: string) => {
    const cloudly = await startStandaloneCloudly({ databaseUrl });
    onTestFinished(() => cloudly.close());
    return cloudly;
  };

  beforeAll(async () => {
    await query(`CREATE ROLE ${guarded.user} LOGIN PASSWORD '${guarded.password}'`);
  }, TIMEOUT_MS);

  test('has several servers, which are one Cloudly', async () => {
    const database = postgres.url(await newDatabase());
    const [one, other] = await Promise.all([start(database), start(database)]);
    const made = await runCommand('join-token', 'create', '--database', database, '--url', one.url);
    const joinToken = /BASEOS_JOIN_TOKEN=(\S+)/.exec(made.stdout)?.[1] ?? '';
    const node = createEmulatedNode();

    const registered = await node.register(one.url, joinToken);
    expect(registered).toMatchObject({ status: 201, cloudlyId: await other.store.cloudlyId() });
    expect(await node.heartbeat(other.url, registered.nodeToken ?? '')).toMatchObject({ status: 200 });
    expect(await createEmulatedNode().register(other.url, joinToken)).toMatchObject({ status: 401 });

    const revoked = await runCommand('node', 'revoke', node.nodeId, '--database', database);
    expect(revoked).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(`(${node.nodeId}) is revoked`) });
    for (const { url } of [one, other]) {
      expect(await node.heartbeat(url, registered.nodeToken ?? '')).toMatchObject({ status: 410 });
    }
  });

  test('lets one person in by an invitation, and one first operator, whichever of its servers they ask', async () => {
    const database = postgres.url(await newDatabase());
    const servers = await Promise.all([start(database), start(database)]);
    const acceptAt = async ({ apiUrl: url }: { apiUrl: string }, link: string, name: string) => {
      const [, invitation] = link.split('#');
      const headers = { origin: url, 'content-type': 'application/json' };
      const body = JSON.stringify({ invitation, password: 'correct horse battery', name });
      return (await fetch(`${url}/api/v1/invitations/accept`, { method: 'POST', headers, body })).status;
    };
    const inOrder = (statuses: number[]) => statuses.toSorted((one, other) => one - other);
    const links = await Promise.all(servers.map((server) => server.inviteFirst()));
    const first = await Promise.all(
      servers.map((server, index) => acceptAt(server, links[index]?.link ?? '', `first-${index}`)),
    );
    expect(inOrder(first)).toEqual([201, 404]);

    const on = ['--database', database, '--url', servers[0]?.apiUrl ?? ''];
    const invited = await runCommand('operator', 'invite', 'ben', '--role', 'view', ...on);
    const joined = await Promise.all(servers.map((server) => acceptAt(server, invited.stdout.trim(), 'ben')));
    expect(inOrder(joined)).toEqual([201, 404]);
    const { stdout } = await runCommand('operator', 'list', '--csv', '--columns', 'name', '--database', database);
    expect(stdout).toMatch(/^name\r?\nben\r?\nfirst-[01]\r?\n$/);
  });

  test('has one end for an API token: what one server has revoked, no other one takes', async () => {
    const database = postgres.url(await newDatabase());
    const servers = await Promise.all([start(database), start(database)]);
    const made = await runCommand('operator', 'token', 'create', 'ci', '--role', 'admin', '--database', database);
    const authorization = `Bearer ${made.stdout.trim()}`;
    const ask = async ({ apiUrl }: { apiUrl: string }) =>
      (await fetch(`${apiUrl}/api/v1/summary`, { headers: { authorization } })).status;
    expect(await Promise.all(servers.map(ask))).toEqual([200, 200]);
    await runCommand('operator', 'token', 'revoke', 'ci', '--database', database);
    expect(await Promise.all(servers.map(ask))).toEqual([401, 401]);
  });

  test('takes commands from the command line while its servers run', async () => {
    const database = postgres.url(await newDatabase());
    const cloudly = await start(database);
    const { joinToken } = await cloudly.createJoinToken();
    const node = createEmulatedNode();
    const { nodeToken = '' } = await node.register(cloudly.url, joinToken);
    const beat = (changes: object = {}) => node.heartbeat(cloudly.url, nodeToken, changes);
    const waiting = runCommand('node', 'command', node.nodeId, 'blink', '--wait', '--database', database);
    let id: string | undefined;
    await expect
      .poll(async () => (id = (await beat()).desiredState?.commands?.[0]?.id), { timeout: 60_000 })
      .toBeDefined();
    await beat({ commandResults: [{ id, outcome: 'succeeded', durationMs: 15_000 }] });
    expect(await waiting).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/\nsucceeded after 15 s\n$/) });
  });

  test('is configured in the environment, including its password, and shown without it', async () => {
    const name = await newDatabase();
    await query(`GRANT CREATE ON DATABASE ${name} TO ${guarded.user}`);
    const env = { CLOUDLY_DATABASE_URL: postgres.url(name, `${guarded.user}:${guarded.password}`) };
    const served = await runCommandIn(env, 'serve', '--port', '0');
    expect(served).toMatchObject({
      exitCode: 0,
      stderr: expect.stringMatching(/PostgreSQL at \S+, database fleet_\d/),
    });
    const listed = await runCommandIn(env, 'node', 'list', '--json');
    expect(listed).toEqual({ exitCode: 0, stdout: '[]\n', stderr: '' });
    expect(served.stderr).not.toContain(guarded.password);
  });

  test('is created by `serve` only', async () => {
    const name = await newDatabase();
    const database = postgres.url(name);
    for (const argv of [
      ['node', 'list'],
      ['join-token', 'create', '--url', 'https://cloudly.example'],
    ]) {
      expect(await runCommand(...argv, '--database', database)).toMatchObject({
        exitCode: 1,
        stderr: expect.stringMatching(
          new RegExp(`There is no fleet in .*database ${name}.*start a server with \`serve\``),
        ),
      });
    }
    expect(await query(`SELECT FROM pg_namespace WHERE nspname = 'baseos_cloudly'`, name)).toEqual([]);
    expect(await runCommand('serve', '--port', '0', '--database', database)).toMatchObject({ exitCode: 0 });
    expect(await runCommand('node', 'list', '--database', database)).toMatchObject({ exitCode: 0 });
  });

  test('stores no address: a join token is made for the given one', async () => {
    const database = postgres.url(await newDatabase());
    const { store } = await start(database);
    const made = await runCommand('join-token', 'create', '--database', database);
    expect(made).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('with --url') });
    expect(await store.listJoinTokens()).toEqual([]);
  });

  describe('that cannot be used is reported with what to do, and without a password:', () => {
    const failures = async (env: Record<string, string>) => {
      const commands = [
        ['serve', '--port', '0'],
        ['node', 'list'],
      ];
      const runs = await Promise.all(commands.map((argv) => runCommandIn(env, ...argv)));
      expect(runs.map(({ exitCode }) => exitCode)).toEqual([1, 1]);
      return runs.map(({ stderr }) => stderr);
    };

    test('a server that is away', async () => {
      const url = 'postgres://cloudly:s3cret@127.0.0.1:1/fleet';
      for (const told of await failures({ CLOUDLY_DATABASE_URL: url })) {
        expect(told).toMatch(
          /PostgreSQL at 127\.0\.0\.1:1, database fleet\): nothing listens there \(ECONNREFUSED\)\. Start PostgreSQL there/,
        );
        expect(told).not.toContain('s3cret');
      }
    });

    test('a password from the file beside a URL with a space in it', async () => {
      const file = join(temporaryFolder(), 'password');
      writeFileSync(file, `${guarded.password}\n`);
      const url = `${postgres.url(await newDatabase(), guarded.user)}&options=-c geqo=off`;
      const env = { CLOUDLY_DATABASE_URL: url, CLOUDLY_DATABASE_PASSWORD_FILE: file };
      // The user may connect, but may not create tables.
      expect((await failures(env))[0]).toMatch(/permission denied for database/);
    });

    test('a wrong password', async () => {
      const url = postgres.url('postgres', `${guarded.user}:s3cret`);
      for (const told of await failures({ CLOUDLY_DATABASE_URL: url })) {
        expect(told).toMatch(/password authentication failed.*Correct the password: in PGPASSWORD, in the URL/);
        expect(told).not.toContain('s3cret');
      }
    });

    test('no password', async () => {
      const url = postgres.url('postgres', guarded.user);
      for (const told of await failures({ CLOUDLY_DATABASE_URL: url })) {
        expect(told).toMatch(
          /the server requires a password, and none is set\. Give the password: in PGPASSWORD, in the URL/,
        );
      }
    });

    test('a missing database', async () => {
      for (const told of await failures({ CLOUDLY_DATABASE_URL: postgres.url('missing') })) {
        expect(told).toMatch(/"missing" does not exist.*Create it first/);
      }
    });

    test('a user without the right to create the tables', async () => {
      const url = postgres.url(await newDatabase(), `${guarded.user}:${guarded.password}`);
      const [served] = await failures({ CLOUDLY_DATABASE_URL: url });
      expect(served).toMatch(/permission denied for database.*GRANT CREATE ON DATABASE/);
    });

    test('a fleet of a newer version', async () => {
      const name = await newDatabase();
      await (await start(postgres.url(name))).close();
      await query('UPDATE baseos_cloudly.cloudly SET schema_version = 99', name);
      for (const told of await failures({ CLOUDLY_DATABASE_URL: postgres.url(name) })) {
        expect(told).toMatch(/The database has schema 99, .*Use the newer version/);
      }
    });
  });

  test('is recovered after pg_dump and pg_restore', async () => {
    const name = await newDatabase();
    const before = await start(postgres.url(name));
    const { joinToken, record } = await before.createJoinToken();
    const known = createEmulatedNode();
    await known.register(before.url, (await before.createJoinToken()).joinToken);
    const dump = join(temporaryFolder(), 'fleet.dump');
    const takenAt = new Date().toISOString();
    const pgDump = ['--format=custom', '--schema=baseos_cloudly', `--file=${dump}`, postgres.url(name)];
    await promisify(execFile)(postgresProgram('pg_dump'), pgDump);
    expect(await createEmulatedNode().register(before.url, joinToken)).toMatchObject({ status: 201 });

    const restored = postgres.url(await newDatabase());
    await promisify(execFile)(postgresProgram('pg_restore'), [`--dbname=${restored}`, dump]);
    const after = await start(restored);
    expect(await runCommand('recover', '--database', restored)).toMatchObject({ exitCode: 2 });
    const recovered = await runCommand('recover', '--database', restored, '--taken-at', takenAt, '--json');
    expect(JSON.parse(recovered.stdout)).toMatchObject({
      takenAt,
      frozenJoinTokens: [{ id: record.id, state: 'revoked' }],
      nodes: { active: 1 },
    });
    expect(await createEmulatedNode().register(after.url, joinToken)).toMatchObject({ status: 401 });
    expect(await known.register(after.url, joinToken)).toMatchObject({ status: 200 });
  });

  test('that rejects changes is not ready while nodes get 503, and recovers on its own', async () => {
    const name = await newDatabase();
    const { url, createJoinToken } = await start(postgres.url(name));
    const { joinToken } = await createJoinToken({ uses: 2 });
    const readyz = async () => {
      const answer = await fetch(`${url}/readyz`);
      return [answer.status, await answer.json()];
    };
    const untilReady = async () => {
      while ((await readyz())[0] !== 200) await elapse(100);
    };
    expect((await readyz())[0]).toBe(200);
    // Like a replica, or a server that was made read-only because its disk is full.
    await query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    await query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
    const node = createEmulatedNode();
    expect(await node.register(url, joinToken)).toMatchObject({ status: 503 });
    expect((await readyz())[0]).toBe(503);
    // What the store said before stands for a second.
    const untilTold = async (): Promise<void> => {
      const [status, body] = await readyz();
      expect(status).toBe(503);
      if (!/database-/.test(JSON.stringify(body))) return elapse(100).then(untilTold);
    };
    await untilTold();

    await query(`ALTER DATABASE ${name} SET default_transaction_read_only = off`);
    await query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
    await untilReady();
    expect(await node.register(url, joinToken)).toMatchObject({ status: 201 });
    expect((await readyz())[0]).toBe(200);
  });

  test('that fails nodes is not ready, even if parts of it are writable', async () => {
    const name = await newDatabase();
    const { url, createJoinToken } = await start(postgres.url(name));
    const { joinToken } = await createJoinToken({ uses: 2 });
    await query('ALTER TABLE baseos_cloudly.node RENAME TO node_away', name);
    expect(await createEmulatedNode().register(url, joinToken)).toMatchObject({ status: 503 });
    const refused = await fetch(`${url}/readyz`);
    expect([refused.status, await refused.json()]).toEqual([503, { status: 'not-ready', reason: 'nodes-refused' }]);
    await query('ALTER TABLE baseos_cloudly.node_away RENAME TO node', name);
    expect(await createEmulatedNode().register(url, joinToken)).toMatchObject({ status: 201 });
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  });

  test('is listed page by page, however many nodes there are', async () => {
    const database = postgres.url(await newDatabase());
    const { store, createJoinToken } = await start(database);
    const { record } = await createJoinToken({ uses: 1001 });
    const nodeIds = Array.from({ length: 1001 }, (_, index) => `node-${1000 + index}`);
    const common = {
      revision: 1,
      approvalCode: 'ABCD1234',
      joinTokenId: record.id,
      registeredAtMs: 1,
      approvedAtMs: 1,
    };
    const waiting = nodeIds.values();
    const createNodes = async (): Promise<void> => {
      for (const nodeId of waiting) {
        await store.createNode({ ...common, nodeId, bootId: 'b', supersededBoots: [] }, Date.now());
      }
    };
    await Promise.all(Array.from({ length: 8 }, createNodes));
    const { stdout } = await runCommand('node', 'list', '--database', database, '--sort', 'id', '--json');
    expect((JSON.parse(stdout) as { nodeId: string }[]).map(({ nodeId }) => nodeId)).toEqual(nodeIds);
  });

  test('is served again on its own once PostgreSQL is back', async () => {
    const { url, createJoinToken } = await start(postgres.url(await newDatabase()));
    const { joinToken } = await createJoinToken({ uses: 2 });
    await postgres.crash();
    expect(await createEmulatedNode().register(url, joinToken)).toMatchObject({ status: 503 });
    await postgres.start();
    expect(await createEmulatedNode().register(url, joinToken)).toMatchObject({ status: 201 });
  });
});
