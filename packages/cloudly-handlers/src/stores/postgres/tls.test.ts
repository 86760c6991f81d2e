import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { freePort } from '@serve.zone/baseos-testing/network/free-port';
import {
  certified,
  isSkipped,
  type PostgresServer,
  startPostgres,
  TIMEOUT_MS,
  unlessInstalled,
} from '../../../test/fixtures/postgres-server.js';
import { openPostgresStore, type PostgresProblem, postgresProblemOf } from '../../postgres.js';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

function openssl(folder: string, ...argv: string[]): void {
  const { status, stderr, error } = spawnSync('openssl', argv, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw error ?? new Error(stderr);
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** Files `<name>.crt` and `<name>.key` of an authority, and of what it signs. */
function makeCertificates(folder: string): void {
  for (const authority of ['authority', 'stranger']) {
    openssl(folder, 'req', '-x509', ...newKey, '-days', '2', '-subj', `/CN=${authority}`, ...outputs(authority));
  }
  for (const [name, commonName] of [
    ['server', 'localhost'],
    ['client', certified],
  ] as const) {
    writeFileSync(join(folder, 'names.cnf'), 'subjectAltName=DNS:localhost');
    openssl(
      folder,
      'req',
      '-new',
      ...newKey,
      '-subj',
      `/CN=${commonName}`,
      '-keyout',
      `${name}.key`,
      '-out',
      'request',
    );
    const signing = ['-CA', 'authority.crt', '-CAkey', 'authority.key', '-CAcreateserial', '-days', '2'];
    openssl(folder, 'x509', '-req', '-in', 'request', ...signing, '-extfile', 'names.cnf', '-out', `${name}.crt`);
  }
}

function outputs(name: string): string[] {
  return ['-keyout', `${name}.key`, '-out', `${name}.crt`];
}

describe.skipIf((isSkipped || !hasOpenssl) && !process.env['CI'])(
  `a store on a PostgreSQL with TLS${unlessInstalled}`,
  { timeout: TIMEOUT_MS },
  () => {
    let folder: string;
    let port: number;
    let server: PostgresServer;
    const path = (name: string): string => join(folder, name);

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'postgres-tls-'));
      makeCertificates(folder);
      const text = (name: string): string => readFileSync(path(name), 'utf8');
      port = await freePort();
      server = await startPostgres(
        {},
        { port, cert: text('server.crt'), key: text('server.key'), ca: text('authority.crt') },
      );
      const admin = new pg.Client(server.url());
      await admin.connect();
      await admin.query(`CREATE ROLE ${certified} LOGIN SUPERUSER`);
      await admin.end();
      await (await openPostgresStore(server.url())).close();
    }, TIMEOUT_MS);
    afterAll(async () => {
      await server?.remove();
      rmSync(folder, { recursive: true, force: true });
    });
    afterEach(() => vi.unstubAllEnvs());

    /** Undefined where it can be used. */
    const problemOf = async (
      query: string,
      env: Record<string, string> = {},
      user = 'postgres',
      host = 'localhost',
    ) => {
      for (const [name, value] of Object.entries(env))
        vi.stubEnv(name, value.startsWith('.') ? path(value.slice(2)) : value);
      const parameters = query.replaceAll(/=\.\/([\w.]+)/g, (_, name: string) => `=${encodeURIComponent(path(name))}`);
      try {
        const store = await openPostgresStore(`postgres://${user}@${host}:${port}/postgres${parameters}`, {
          create: false,
        });
        onTestFinished(() => store.close());
        await store.cloudlyId();
        return undefined;
      } catch (error) {
        const problem = postgresProblemOf(error);
        return problem === undefined || problem === 'tls-file' ? (error as Error).message : problem;
      }
    };

    const bundle = '?sslmode=verify-full&sslrootcert=./authority.crt';

    test.each<[what: string, query: string, env: Record<string, string>, problem: PostgresProblem | undefined]>([
      ['an authority in the URL', bundle, {}, undefined],
      ['an authority in the environment', '?sslmode=verify-full', { PGSSLROOTCERT: './authority.crt' }, undefined],
      ['all of it in the environment', '', { PGSSLMODE: 'verify-full', PGSSLROOTCERT: './authority.crt' }, undefined],
      ['an authority alone', '', { PGSSLROOTCERT: './authority.crt' }, undefined],
      ['the URL before the environment', bundle, { PGSSLROOTCERT: './stranger.crt' }, undefined],
      ['an empty variable', bundle, { PGSSLROOTCERT: '', PGSSLMODE: '', PGSSLCERT: '', PGSSLKEY: '' }, undefined],
      ['no authority', '?sslmode=verify-full', {}, 'untrusted'],
      ['require, which verifies too', '?sslmode=require', {}, 'untrusted'],
      ['another authority', '', { PGSSLROOTCERT: './stranger.crt' }, 'untrusted'],
      ['verification off', '?sslmode=no-verify', {}, undefined],
      ['no TLS although it is required', '?sslmode=disable', {}, 'user-refused'],
      ['no settings', '', {}, 'user-refused'],
      ['verify-ca without an authority of its own', '?sslmode=verify-ca', {}, 'untrusted'],
    ])('with %s', async (_what, query, env, problem) => {
      expect(await problemOf(query, env)).toBe(problem);
    });

    test('rejects a certificate for another name, unless only its authority is to be verified', async () => {
      expect(await problemOf(bundle, {}, 'postgres', '127.0.0.1')).toBe('wrong-name');
      const byAuthority = '?sslmode=verify-ca&sslrootcert=./authority.crt';
      expect(await problemOf(byAuthority, {}, 'postgres', '127.0.0.1')).toBeUndefined();
      expect(await problemOf('?sslmode=verify-ca&sslrootcert=./stranger.crt', {}, 'postgres', '127.0.0.1')).toBe(
        'untrusted',
      );
    });

    test('presents its own certificate, which the URL or the environment names', async () => {
      const own = `${bundle}&sslcert=./client.crt&sslkey=./client.key`;
      expect(await problemOf(own, {}, certified)).toBeUndefined();
      expect(await problemOf(bundle, {}, certified)).toBe('user-refused');
      const strangers = { PGSSLCERT: './stranger.crt', PGSSLKEY: './stranger.key' };
      expect(await problemOf(bundle, strangers, certified)).toBe('client-certificate');
    });

    test.each<[what: string, query: string, told: RegExp]>([
      [
        'that is missing',
        '?sslrootcert=./none.crt',
        /none\.crt of sslrootcert \(or PGSSLROOTCERT\) cannot be used: ENOENT/,
      ],
      ['that is a folder', '?sslrootcert=./', /of sslrootcert .* cannot be used/],
      [
        'that is not a certificate',
        '?sslrootcert=./client.key',
        /client\.key of sslrootcert .*not hold a certificate in PEM/,
      ],
      [
        'with another certificate’s key',
        '?sslcert=./client.crt&sslkey=./server.key',
        /server\.key of sslkey .*not hold the key of the certificate/,
      ],
    ])('names the file that cannot be used: one %s', async (_what, query, told) => {
      expect(await problemOf(query)).toMatch(told);
    });

    test('does not wait for a pipe', async () => {
      spawnSync('mkfifo', [path('pipe')]);
      expect(await problemOf('?sslrootcert=./pipe')).toMatch(/pipe of sslrootcert .* is not a file/);
    });

    test('uses its socket without TLS, whatever the settings say', async () => {
      vi.stubEnv('PGSSLROOTCERT', path('authority.crt'));
      const store = await openPostgresStore(`${server.url()}&sslmode=verify-full`, { create: false });
      onTestFinished(() => store.close());
      expect(await store.cloudlyId()).toBeTypeOf('string');
    });
  },
);
