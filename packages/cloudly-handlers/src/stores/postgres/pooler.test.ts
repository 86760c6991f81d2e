import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, cpSync, existsSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { isSkipped, TIMEOUT_MS, unlessInstalled } from '../../../test/fixtures/postgres-server.js';
import { usePostgres } from '../../../test/fixtures/use-postgres.js';
import { openPostgresStore, postgresProblemOf } from '../../postgres.js';
import { addNode, nodeRecord } from '../suite/fixtures.js';

const tool = join(import.meta.dirname, '../../../../../.tools/pgbouncer/usr');
const isPoolerInstalled = existsSync(join(tool, 'sbin/pgbouncer'));

const PORT = 6432;

describe.skipIf((isSkipped || !isPoolerInstalled) && !process.env['CI'])(
  `a store behind PgBouncer${isPoolerInstalled ? unlessInstalled : ' (needs npx -y pnpm@12.21.0 run test:tools, as root on Debian)'}`,
  { timeout: TIMEOUT_MS },
  () => {
    const server = usePostgres();
    beforeAll(async () => {
      await (await openPostgresStore(server.url())).close();
    }, TIMEOUT_MS);

    /** One that gives the connections of a server to its clients in turn; the URL of a database behind it. */
    const startPooler = async (mode: 'session' | 'transaction', poolSize: number): Promise<string> => {
      const folder = mkdtempSync(join(tmpdir(), 'pgbouncer-'));
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
      // Like PostgreSQL it refuses to run as root, and another user may not read the checkout.
      cpSync(join(tool, 'sbin/pgbouncer'), join(folder, 'pgbouncer'));
      const [library = ''] = globSync(join(tool, 'lib/*/*.so*'));
      cpSync(dirname(library), join(folder, 'lib'), { recursive: true, verbatimSymlinks: true });
      const behind = new URLSearchParams(server.url().replace(/^.*\?/s, '')).get('host') ?? '';
      writeFileSync(
        join(folder, 'pgbouncer.ini'),
        [
          '[databases]',
          `* = host=${behind} user=postgres`,
          '[pgbouncer]',
          `unix_socket_dir = ${folder}`,
          'listen_addr =',
          `listen_port = ${PORT}`,
          'auth_type = any',
          `pool_mode = ${mode}`,
          `default_pool_size = ${poolSize}`,
          '',
        ].join('\n'),
      );
      const program = [join(folder, 'pgbouncer'), join(folder, 'pgbouncer.ini')];
      const asRoot = process.getuid?.() === 0;
      if (asRoot) {
        chmodSync(folder, 0o755);
        const uid = Number((await text(spawn('id', ['-u', 'postgres']).stdout)).trim());
        chownSync(folder, uid, uid);
      }
      const [command = '', ...argv] = asRoot
        ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', '--pdeathsig=KILL', ...program]
        : program;
      const pooler = spawn(command, argv, {
        cwd: folder,
        env: { LD_LIBRARY_PATH: join(folder, 'lib'), PATH: process.env['PATH'] },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      onTestFinished(async () => {
        if (pooler.exitCode !== null) return;
        pooler.kill('SIGKILL');
        await once(pooler, 'exit');
      });
      let told = '';
      pooler.stderr.setEncoding('utf8').on('data', (piece: string) => (told += piece));
      while (!told.includes('process up')) {
        if (pooler.exitCode !== null) throw new Error(told);
        await Promise.race([once(pooler.stderr, 'data'), once(pooler, 'exit')]);
      }
      return `postgres://postgres@/postgres?host=${encodeURIComponent(folder)}&port=${PORT}`;
    };

    const open = async (url: string) => {
      const store = await openPostgresStore(url, { create: false, maxConnections: 1 });
      onTestFinished(() => store.close());
      return store;
    };

    test('works with session pooling', async () => {
      const url = await startPooler('session', 2);
      const [one, other] = [await open(url), await open(url)];
      await addNode(one, nodeRecord('n'));
      for (const store of [one, other, one]) expect(await store.findNode('n')).toEqual({ node: nodeRecord('n') });
    });

    test('reports transaction pooling, where statements mix with those of others', async () => {
      const url = await startPooler('transaction', 1);
      const [one, other] = [await open(url), await open(url)];
      await one.findNode('m');
      const error = await other.findNode('m').catch((reason: unknown) => reason);
      expect(error).toMatchObject({
        code: 'database-unusable',
        message: expect.stringMatching(/prepared statement .* already exists, because a pooler/),
      });
      expect(postgresProblemOf(error)).toBe('pooled');
    });

    test.each([
      ['transaction', false],
      ['session', true],
    ] as const)('hears the rings of other processes in %s mode: %s', async (mode, isHeard) => {
      const store = await openPostgresStore(await startPooler(mode, 3));
      onTestFinished(() => store.close());
      expect(await store.doorbell?.isHeard()).toBe(isHeard);
    });
  },
);
