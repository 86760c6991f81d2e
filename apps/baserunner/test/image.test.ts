import { chmod, copyFile, cp, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { RuntimeStatus } from '@serve.zone/baseos-contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildCli, type BuiltCli } from './build-cli.js';
import { ContainerEngine, imageTests } from './container-engine.js';
import { Rig } from './rig.js';

/** The images of this test start from its own base image, because its engine reaches no registry. */
const baseImage = 'base-under-test';
const imageName = 'baserunner-under-test';
const containerName = 'baserunner-under-test';
/** A name that only the container's own /etc/hosts has. */
const hostName = 'cloudly.example';
const repository = resolve(import.meta.dirname, '../../..');
const { isSkipped, unless, requireTools } = imageTests();

describe.skipIf(isSkipped)(`the container image${unless}`, { timeout: 120_000 }, () => {
  let engine: ContainerEngine;
  let cli: BuiltCli;
  let rig: Rig;
  let context: string;

  beforeAll(async () => {
    requireTools();
    cli = await buildCli();
    rig = await Rig.open(cli);
    context = await makeContext(cli, rig, await rig.createJoinToken());
    engine = await ContainerEngine.open();
    await engine.makeBaseImage(baseImage);
  }, 300_000);

  afterAll(async () => {
    await engine?.close();
    await rig?.close();
    await cli?.remove();
    if (context !== undefined) await rm(context, { recursive: true, force: true });
  }, 120_000);

  const compose = (...argv: string[]) => engine.compose(context, '-p', 'device', ...argv);
  // Each call of docker-compose costs a second of a processor: what docker can do, it does.
  const exec = async (...argv: string[]) => (await engine.docker('exec', containerName, ...argv)).trim();
  const inspect = async (format: string) =>
    (await engine.docker('container', 'inspect', '--format', format, containerName)).trim();
  const agentPid = async () => (await exec('cat', '/proc/1/task/1/children')).split(' ')[0] ?? '';
  const becomesHealthy = () =>
    expect.poll(() => inspect('{{.State.Health.Status}}'), { timeout: 60_000, interval: 500 }).toBe('healthy');

  test('is built from Dockerfile and compose file by the classic builder', async () => {
    // This engine has no network inside builds, so the bundle is handed in, to the stage that is for that.
    await compose('build', 'baserunner');
    const sizes = await engine.docker('history', '--human=false', '--format', '{{.Size}}', imageName);
    const layers = sizes.trim().split('\n').map(Number);
    const [system, image] = [Math.max(...layers), layers.reduce((sum, layer) => sum + layer)];
    process.stdout.write(`image: ${megabytes(image)} MB, of which BaseRunner ${megabytes(image - system)} MB\n`);
    // Of it, one megabyte is the bundle with what Node has compiled of it. The rest is one layer, which a new release of the agent leaves alone.
    expect(image - system).toBeLessThan(1_300_000);
    // Compressed, it is three eighths of that. The README and decision 54 quote both.
    expect(image).toBeLessThan(120_000_000);
  });

  test('skips the stage for a handed-in bundle in a fresh clone without one', async () => {
    // The classic builder makes that stage too when it is asked for the default one.
    const clone = await mkdtemp(join(tmpdir(), 'baserunner-clone-'));
    await copySources(clone);
    expect(
      await engine.docker('build', '--build-arg', `NODE_IMAGE=${baseImage}`, '--target', 'prebuilt', clone),
    ).toContain('Successfully built');
    await rm(clone, { recursive: true });
  });

  test('enrols when it is started', async () => {
    await compose('up', '--detach', 'baserunner');
    await rig.event('node-registered', ({ created }) => created);
    const { status } = await rig.event('heartbeat-received', (event) => event.status !== undefined);
    expect(status).toMatchObject({ agent: { name: 'baserunner' }, supervisor: { state: 'available' } });
  });

  test('becomes healthy with a check that starts no second Node', async () => {
    expect(await inspect('{{json .Config.Healthcheck.Test}}')).toBe('["CMD","/opt/baserunner/is-alive"]');
    expect(await exec('head', '-n', '1', '/opt/baserunner/is-alive')).toBe('#!/bin/sh');
    await becomesHealthy();
  });

  test('has baserunner on its PATH, beside the running agent', async () => {
    const report = JSON.parse(await exec('baserunner', 'status')) as object;
    expect(report).toMatchObject({
      agent: { running: true },
      cloudly: { state: 'registered', connectivity: 'connected' },
      supervisor: { state: 'available' },
    });
    expect(JSON.parse(await exec('baserunner', 'check-supervisor'))).toMatchObject({ ok: true });
  });

  test('runs Node below its entry point as PID 1, without root, without capabilities, on a read-only root file system', async () => {
    const pid = await agentPid();
    const status = await exec('cat', `/proc/${pid}/status`);
    const field = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(status)?.[1];
    const commandOf = async (id: string) => exec('sh', '-c', `tr "\\0" " " </proc/${id}/cmdline`);
    expect(await commandOf('1')).toMatch(/^\/bin\/sh .*baserunner start$/);
    expect(await commandOf(pid)).toMatch(/^node .*cli\.js start$/);
    expect({
      uid: field('Uid'),
      gid: field('Gid'),
      effective: Number(`0x${field('CapEff')}`),
      bounding: Number(`0x${field('CapBnd')}`),
      noNewPrivileges: field('NoNewPrivs'),
    }).toEqual({ uid: '1000', gid: '1000', effective: 0, bounding: 0, noNewPrivileges: '1' });
    await expect(exec('touch', '/opt/baserunner/x')).rejects.toThrow(/Read-only file system/);
    // Of that user, since Node keeps what it has compiled apart for each.
    expect(await exec('ls', '/opt/baserunner/compiled')).toMatch(/^v\d\S*-1000$/);
  });

  test('resolves names through the files that the engine gives it', async () => {
    const lookUp = `require('node:dns').lookup('${hostName}', (error, address) => console.log(error ?? address))`;
    expect(await exec('node', '--eval', lookUp)).toBe('127.0.0.7');
  });

  test('gives a new volume to its user', async () => {
    expect(await exec('stat', '-c', '%u %a', '/data/baseos')).toBe('1000 700');
    expect(await exec('stat', '-c', '%u %a', '/data/baseos/state.json')).toBe('1000 600');
  });

  test('ends on SIGTERM with 0, and returns as the same node without a second registration', async () => {
    await engine.docker('stop', containerName);
    expect(await inspect('{{.State.ExitCode}}')).toBe('0');
    const before = rig.eventsOf('heartbeat-received').at(-1);
    await engine.docker('start', containerName);
    const after = await rig.nextHeartbeat();
    expect(after).toMatchObject({ nodeId: before?.nodeId });
    expect(after.bootId).not.toBe(before?.bootId);
    expect(rig.eventsOf('node-registered')).toHaveLength(1);
  });

  test('is the same node in a recreated container', async () => {
    const nodeId = rig.eventsOf('heartbeat-received').at(-1)?.nodeId;
    await compose('down');
    await compose('up', '--detach', 'baserunner');
    expect((await rig.nextHeartbeat()).nodeId).toBe(nodeId);
    expect(rig.eventsOf('node-registered')).toHaveLength(1);
  });

  test('returns as the same node where the engine restarts what is unhealthy', async () => {
    await becomesHealthy();
    const before = rig.eventsOf('heartbeat-received').at(-1);
    const restarted = restartWhenUnhealthy(engine, containerName);
    await exec('kill', '-STOP', await agentPid());
    // What it left is made as old as it would be two minutes later.
    const ageFile = 'cd /run/baseos && read -r _ _ boot <healthy-until && read -r up _ </proc/uptime';
    await exec('sh', '-c', `${ageFile} && echo "$((\${up%.*} - 1)) $((\${up%.*} - 1)) $boot" >healthy-until`);
    await restarted;
    const after = await rig.nextHeartbeat();
    expect(after.nodeId).toBe(before?.nodeId);
    expect(after.bootId).not.toBe(before?.bootId);
    expect(rig.eventsOf('node-registered')).toHaveLength(1);
    await becomesHealthy();
  });

  test('holds releases where its container starts as root, and gives up root before it starts the agent', async () => {
    // As the engine makes the folder of the update lock at each boot.
    const lockFolder = await mkdtemp(join(context, 'locks-'));
    await chmod(lockFolder, 0o755);
    await writeFile(join(context, 'gated.yml'), JSON.stringify(gatedOverride(lockFolder)));
    const files = ['docker-compose.yml', 'docker-compose.override.yml', 'gated.yml'].flatMap((file) => [
      '--file',
      file,
    ]);
    await compose(...files, 'up', '--detach', 'baserunner');
    const { status } = await rig.event('heartbeat-received', ({ status: told }) => isGateClosed(told));
    expect(status).toMatchObject({ updates: { mode: 'gated', gate: 'closed' } });
    expect((await stat(lockFolder)).mode & 0o7777).toBe(0o1777);
    expect((await stat(join(lockFolder, 'updates.lock'))).uid).toBe(1000);

    const statusOf = async (pid: string) => {
      const text = await exec('cat', `/proc/${pid}/status`);
      return ['Uid', 'Gid', 'Groups', 'CapEff', 'NoNewPrivs'].map((name) =>
        new RegExp(`^${name}:[\\t ]*(.*?)\\s*$`, 'm').exec(text)?.[1]?.replaceAll('\t', ' '),
      );
    };
    const agent = await agentPid();
    const unprivileged = ['1000 1000 1000 1000', '1000 1000 1000 1000', '', '0000000000000000', '1'];
    expect([await statusOf('1'), await statusOf(agent)]).toEqual([unprivileged, unprivileged]);

    // Who asks comes as root, too.
    expect(JSON.parse(await exec('baserunner', 'status'))).toMatchObject({ updates: { gate: 'closed' } });
    const asAgent = ['exec', '--user', '1000', containerName];
    expect(await engine.docker(...asAgent, 'stat', '-c', '%u %a', '/data/baseos/state.json')).toBe('1000 600\n');
    await becomesHealthy();
    await engine.docker('stop', containerName);
    expect(await inspect('{{.State.ExitCode}}')).toBe('0');
    await compose('down', '--volumes');
  });

  test.each(['755', '700'])(
    'says in plain words, with the fix, that a volume (mode %s) belongs to root, and continues',
    async (mode) => {
      const legacyState = '{"nodeId":"legacy","nodeToken":"canary-token"}';
      await engine.docker('volume', 'create', 'device_baseos-data');
      const mount = ['--volume', 'device_baseos-data:/data/baseos'];
      const asRoot = (script: string) =>
        engine.docker(
          'run',
          '--rm',
          '--network=none',
          '--user=0',
          ...mount,
          '--entrypoint=sh',
          imageName,
          '-c',
          script,
        );
      await asRoot(
        `echo '${legacyState}' >/data/baseos/state.json; chown -R 0:0 /data/baseos; chmod ${mode} /data/baseos`,
      );

      await compose('up', '--detach', 'baserunner');
      const log = async () => engine.logs(containerName);
      await expect.poll(log, { timeout: 60_000, interval: 300 }).toMatch(/chown -R 1000:1000 \/data\/baseos/);
      expect(await inspect('{{.State.Running}} {{.RestartCount}}')).toBe('true 0');
      const { notices } = JSON.parse(await exec('baserunner', 'status')) as { notices: { remedy?: string }[] };
      expect(notices.map(({ remedy }) => remedy).join()).toContain('chown -R 1000:1000 /data/baseos');

      // The fix from the log: the legacy identity is adopted, in a file of the agent's own.
      await asRoot('chown -R 1000:1000 /data/baseos');
      await engine.docker('restart', containerName);
      const stored = async () => exec('cat', '/data/baseos/state.json');
      await expect.poll(stored, { timeout: 60_000, interval: 300 }).not.toBe(legacyState);
      const { cloudly } = JSON.parse(await exec('baserunner', 'status')) as { cloudly: { nodeId: string } };
      expect(cloudly.nodeId).toBe('legacy');
      expect(await log()).not.toContain('canary-token');
      await compose('down', '--volumes');
      await engine.docker('volume', 'rm', '--force', 'device_baseos-data');
    },
  );
});

/** Restarts the container when it becomes unhealthy, as the engine of balenaOS does. */
async function restartWhenUnhealthy(engine: ContainerEngine, name: string): Promise<void> {
  const since = String(Math.floor(Date.now() / 1000));
  const filter = ['--since', since, '--filter', `container=${name}`, '--format', '{{.Status}}'];
  const { lines, end } = engine.follow('events', ...filter);
  for await (const line of lines) {
    if (line === 'health_status: unhealthy') break;
  }
  end();
  // That engine waits ten seconds for an end that a stopped process does not make.
  await engine.docker('restart', '--time', '1', name);
}

/**
 * A folder with what the image is built from, and the compose file with what a test changes: the bundle's stage, the
 * host's network (the engine has none of its own) for a Cloudly and a Supervisor on loopback, a shorter wait for the
 * first health check.
 */
async function makeContext(cli: BuiltCli, rig: Rig, joinToken: string): Promise<string> {
  const context = await mkdtemp(join(tmpdir(), 'baserunner-context-'));
  await copySources(context);
  const dist = join(context, 'apps/baserunner/dist');
  await mkdir(dist, { recursive: true });
  await cp(dirname(cli.path), dist, { recursive: true });
  const {
    BASEOS_STATE_PATH: _state,
    BASEOS_RUN_PATH: _run,
    ...environment
  } = rig.env({ BASEOS_JOIN_TOKEN: joinToken });
  const changes = {
    image: imageName,
    container_name: containerName,
    extra_hosts: [`${hostName}:127.0.0.7`],
    build: { context: '.', target: 'prebuilt', args: { NODE_IMAGE: baseImage } },
    network_mode: 'host',
    environment,
    healthcheck: { interval: '1s' },
  };
  const override = { version: '2.4', services: { baserunner: changes } };
  await writeFile(join(context, 'docker-compose.override.yml'), JSON.stringify(override));
  return context;
}

/** What docs/gate.md says of the container of a gated service. */
function gatedOverride(lockFolder: string): object {
  const changes = {
    user: '0',
    cap_add: ['SETUID', 'SETGID'],
    environment: { BASEOS_UPDATES: 'gated', BALENA_APP_LOCK_PATH: '/tmp/balena/updates.lock' },
    volumes: [`${lockFolder}:/tmp/balena`],
  };
  return { version: '2.4', services: { baserunner: changes } };
}

function isGateClosed(status: unknown): boolean {
  return (status as RuntimeStatus | undefined)?.updates?.gate === 'closed';
}

/** What the stages above the build from source need of a clone. */
async function copySources(context: string): Promise<void> {
  await mkdir(join(context, 'apps/baserunner'), { recursive: true });
  for (const file of ['Dockerfile', '.dockerignore', 'docker-compose.yml', 'apps/baserunner/LICENSE']) {
    await copyFile(join(repository, file), join(context, file));
  }
  const container = 'apps/baserunner/container';
  await cp(join(repository, container), join(context, container), { recursive: true });
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}
