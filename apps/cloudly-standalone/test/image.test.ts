import { chmod, copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import {
  guarded,
  isSkipped,
  type PostgresServer,
  startPostgres,
} from '@serve.zone/baseos-cloudly-handlers/fixtures/postgres-server';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ContainerEngine, imageTests } from '../../baserunner/test/container-engine.js';
import { shareResource } from '../../../test/shared-resources/shared-resource.js';
import { createEmulatedNode } from './emulated-node.js';
import { freePort } from '@serve.zone/baseos-testing/network/free-port';

/** The images of this test start from its own base image, because its engine reaches no registry. */
const baseImage = 'base-under-test';
const containerName = 'cloudly-under-test';
const repository = resolve(import.meta.dirname, '../../..');
const app = 'apps/cloudly-standalone';
const { isSkipped: isOut, unless, requireTools } = imageTests(isSkipped ? ['postgresql'] : []);

describe.skipIf(isOut)(`the container image${unless}`, { timeout: 120_000 }, () => {
  let engine: ContainerEngine;
  let context: string;

  beforeAll(async () => {
    requireTools();
    context = await makeContext();
    engine = await ContainerEngine.open();
    await engine.makeBaseImage(baseImage);
  }, 300_000);

  afterAll(async () => {
    await engine?.close();
    if (context !== undefined) await rm(context, { recursive: true, force: true });
  }, 120_000);

  test('skips the stage for a handed-in bundle in a fresh clone without one', async () => {
    const clone = await mkdtemp(join(tmpdir(), 'cloudly-clone-'));
    await copySources(clone);
    const file = join(clone, app, 'Dockerfile');
    expect(
      await engine.docker(
        'build',
        '--build-arg',
        `NODE_IMAGE=${baseImage}`,
        '--target',
        'prebuilt',
        '--file',
        file,
        clone,
      ),
    ).toContain('Successfully built');
    await rm(clone, { recursive: true });
  });

  describe('with compose.sqlite.yml', () => {
    const node = createEmulatedNode();
    let url: string;
    let nodeToken: string;

    const compose = (...argv: string[]) =>
      engine.compose(join(context, app), '--file', 'sqlite.yml', '-p', 'alone', ...argv);
    const exec = async (...argv: string[]) => (await engine.docker('exec', containerName, ...argv)).trim();
    const inspect = async (format: string) =>
      (await engine.docker('container', 'inspect', '--format', format, containerName)).trim();
    const health = () => inspect('{{.State.Health.Status}}');
    const patience = { timeout: 180_000, interval: 500 };

    beforeAll(async () => {
      const port = await freePort();
      url = `http://127.0.0.1:${port}`;
      await adapt('compose.sqlite.yml', 'sqlite.yml', (text) =>
        withoutPorts(text).replaceAll('8437', String(port)).replace('interval: 10s', 'interval: 1s'),
      );
      const command = ['serve', '--host', '127.0.0.1', '--port', String(port)];
      await override('sqlite.override.yml', '2.4', {
        cloudly: { ...onHost, container_name: containerName, command },
      });
    });
    afterAll(() => compose('down', '--volumes'));

    /** Both files of the compose project, in one. */
    const files = ['--file', 'sqlite.yml', '--file', 'sqlite.override.yml'];
    const up = () => engine.compose(join(context, app), ...files, '-p', 'alone', 'up', '--detach', '--build');

    test('is built and becomes healthy', async () => {
      await up();
      await expect.poll(health, patience).toBe('healthy');
    });

    test('admits a node by a join token that is made beside the server', async () => {
      const made = JSON.parse(await exec('cloudly-standalone', 'join-token', 'create', '--json')) as {
        url: string;
        joinToken: string;
      };
      expect(made.url).toBe(url);
      const registered = await node.register(url, made.joinToken);
      expect(registered.status).toBe(201);
      nodeToken = registered.nodeToken ?? '';
      expect(await node.heartbeat(url, nodeToken)).toMatchObject({ status: 200 });
    });

    test('runs Node as PID 1, without root and capabilities, on a read-only root file system', async () => {
      const status = await exec('cat', '/proc/1/status');
      const field = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(status)?.[1];
      expect(await exec('sh', '-c', 'tr "\\0" " " </proc/1/cmdline')).toMatch(
        /^node --disable-sigusr1 \S+cloudly-standalone serve /,
      );
      expect([field('Uid'), Number(`0x${field('CapBnd')}`), field('NoNewPrivs')]).toEqual(['1000', 0, '1']);
      await expect(exec('touch', '/opt/cloudly/x')).rejects.toThrow(/Read-only file system/);
      expect(await exec('stat', '-c', '%u %a', 'cloudly-data', 'cloudly-data/cloudly.sqlite')).toBe(
        '1000 700\n1000 600',
      );
    });

    test('ignores settings that a fleet makes for its other Node programs', async () => {
      const version = await exec('cloudly-standalone', '--version');
      expect(await exec('env', 'NODE_OPTIONS=--require /missing', 'cloudly-standalone', '--version')).toBe(version);
    });

    test('ends on SIGTERM with 0, and knows its nodes in a recreated container', async () => {
      await engine.docker('stop', containerName);
      expect(await inspect('{{.State.ExitCode}}')).toBe('0');
      await compose('down');
      await up();
      await expect.poll(health, patience).toBe('healthy');
      expect(await node.heartbeat(url, nodeToken)).toMatchObject({ status: 200 });
    });
  });

  describe('with compose.postgres.yml', () => {
    let postgres: PostgresServer;
    let ports: number[];

    const files = ['--file', 'postgres.yml', '--file', 'postgres.override.yml'];
    const compose = (...argv: string[]) => engine.compose(join(context, app), ...files, '-p', 'together', ...argv);

    beforeAll(async () => {
      postgres = await startPostgres();
      const admin = new pg.Client(postgres.url());
      await admin.connect();
      await admin.query(`CREATE ROLE ${guarded.user} LOGIN PASSWORD '${guarded.password}'`);
      await admin.query(`GRANT CREATE ON DATABASE postgres TO ${guarded.user}`);
      await admin.end();
      const url = postgres.url('postgres', guarded.user);
      const socketFolder = decodeURIComponent(/host=(.+)$/.exec(url)?.[1] ?? '');
      await chmod(socketFolder, 0o755);

      await writeFile(join(context, app, 'database-password'), `${guarded.password}\n`);
      await adapt('compose.postgres.yml', 'postgres.yml', withoutPorts);
      ports = [await freePort(), await freePort()];
      const servers = ports.map((port, index) => [
        `cloudly-${index + 1}`,
        {
          ...onHost,
          command: ['serve', '--host', '127.0.0.1', '--port', String(port)],
          environment: { CLOUDLY_DATABASE_URL: url },
          volumes: [`${socketFolder}:${socketFolder}`],
        },
      ]);
      await override('postgres.override.yml', '3.8', Object.fromEntries(servers));
    }, 180_000);
    afterAll(async () => {
      await compose('down', '--volumes');
      await postgres?.remove();
    });

    test('is one of two servers of one Cloudly, with a password from a file', async () => {
      await compose('up', '--detach', '--build', '--no-deps', 'cloudly-1', 'cloudly-2');
      const [one = '', other = ''] = ports.map((port) => `http://127.0.0.1:${port}`);
      for (const url of [one, other]) {
        const isReady = () =>
          fetch(`${url}/readyz`).then(
            ({ ok }) => ok,
            () => false,
          );
        await expect.poll(isReady, { timeout: 60_000, interval: 500 }).toBe(true);
      }
      const argv = ['cloudly-standalone', 'join-token', 'create', '--url', one, '--json'];
      const made = await compose('exec', '-T', 'cloudly-1', ...argv);
      const { joinToken } = JSON.parse(made) as { joinToken: string };
      const node = createEmulatedNode();
      const registered = await node.register(one, joinToken);
      expect(registered.status).toBe(201);
      expect(await node.heartbeat(other, registered.nodeToken ?? '')).toMatchObject({ status: 200 });
      expect(await compose('logs', '--no-color')).not.toContain(guarded.password);
    });
  });

  const adapt = async (name: string, adapted: string, change: (text: string) => string): Promise<void> => {
    const text = await readFile(join(repository, app, name), 'utf8');
    await writeFile(join(context, app, adapted), change(text));
  };
  const override = (name: string, version: string, services: object): Promise<void> =>
    writeFile(join(context, app, name), JSON.stringify({ version, services }));
});

/** What a test changes of a service: the engine has no network of its own, neither for containers nor for builds. */
const onHost = { network_mode: 'host', build: { target: 'prebuilt', args: { NODE_IMAGE: baseImage } } };

/** On the host's network there are no ports to publish. */
function withoutPorts(text: string): string {
  const without = text.replaceAll(/^ {4}ports:\n(?: {6}- .+\n)+/gm, '');
  expect(without).not.toBe(text);
  return without;
}

/** A folder with the build context of the image, including the bundle. */
async function makeContext(): Promise<string> {
  const context = await mkdtemp(join(tmpdir(), 'cloudly-context-'));
  await copySources(context);
  await cp(dirname(await shareResource('cloudly-standalone')), join(context, app, 'dist'), { recursive: true });
  return context;
}

/** What the stages above the build from source need of a clone. */
async function copySources(context: string): Promise<void> {
  await mkdir(join(context, app, 'container'), { recursive: true });
  const ofApp = ['package.json', 'Dockerfile', 'container/cloudly-standalone'].map((file) => `${app}/${file}`);
  for (const file of ['.dockerignore', 'LICENSE', ...ofApp]) {
    await copyFile(join(repository, file), join(context, file));
  }
}
