import { execFile, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  isSkipped,
  startPostgres,
  TIMEOUT_MS,
  unlessInstalled,
} from '@serve.zone/baseos-cloudly-handlers/fixtures/postgres-server';
import { describe, expect, onTestFinished, test } from 'vitest';
import { bundledCli } from './cli-process.js';
import { createEmulatedNode } from './emulated-node.js';
import { temporaryFolder } from '@serve.zone/baseos-testing/files/temporary-folder';
import { runAsUserFlag } from '@serve.zone/baseos-testing/processes/node-flags';

const { cli, run, serve, serveAt, createJoinToken } = bundledCli();

test('a join token made beside the running server admits a node, and the server reports it', async () => {
  const data = temporaryFolder();
  const server = await serveAt(data);
  const { url, joinToken } = await createJoinToken(data);
  expect(url).toBe(server.url);

  const node = createEmulatedNode();
  const { status, nodeToken = '' } = await node.register(url, joinToken);
  expect(status).toBe(201);
  expect(await node.heartbeat(url, nodeToken)).toMatchObject({ status: 200 });
  expect(await createEmulatedNode().register(url, joinToken)).toMatchObject({ status: 401 });

  await server.logged(
    new RegExp(`Node ${node.nodeId} enrolled \\(baserunner 0\\.1\\.0 on 4d1c0de, Supervisor available\\)`),
  );
  await server.logged(new RegExp(`Heartbeat 1 of node ${node.nodeId}`));
  await server.logged(/was rejected with 401 join-token-used: The join token has been used up/);
  expect(server.stderr).not.toContain(joinToken);
  expect(server.stderr).not.toContain(nodeToken);
});

test.skipIf(isSkipped)(
  `several servers on one PostgreSQL serve the same fleet${unlessInstalled}`,
  async () => {
    const postgres = await startPostgres();
    onTestFinished(() => postgres.remove());
    const flags = ['--database', postgres.url()];
    const servers = [serve(...flags), serve(...flags)];
    const urls: string[] = [];
    for (const server of servers) urls.push((await server.logged(/Cloudly listens at (\S+)/))[1] ?? '');
    const { stdout } = await run('join-token', 'create', ...flags, '--url', urls[0] ?? '');
    const joinToken = /BASEOS_JOIN_TOKEN=(\S+)/.exec(stdout)?.[1] ?? '';

    const node = createEmulatedNode();
    const { nodeToken = '' } = await node.register(urls[0] ?? '', joinToken);
    expect(await node.heartbeat(urls[1] ?? '', nodeToken)).toMatchObject({ status: 200 });
    expect(JSON.parse((await run('node', 'list', '--json', ...flags)).stdout)).toMatchObject([{ nodeId: node.nodeId }]);
  },
  TIMEOUT_MS,
);

describe.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const)('%s', (signal) => {
  test('stops the server cleanly, with exit code 0', async () => {
    const server = await serveAt(temporaryFolder());
    server.signal(signal);
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(server.stderr).toMatch(/Stopped\n$/);
  });
});

test('every acknowledged registration survives kill -9', async () => {
  const data = temporaryFolder();
  const nodes: { nodeId: string; nodeToken: string; heartbeat: ReturnType<typeof createEmulatedNode>['heartbeat'] }[] =
    [];
  const server = await serveAt(data);
  const { joinToken } = await createJoinToken(data, '--uses', '1000');
  const registerUntilKilled = async (): Promise<void> => {
    for (;;) {
      const node = createEmulatedNode();
      const answer = await node.register(server.url, joinToken).catch(() => undefined);
      if (answer?.nodeToken === undefined) return;
      nodes.push({ ...node, nodeToken: answer.nodeToken });
      if (nodes.length === 20) server.signal('SIGKILL');
    }
  };
  await Promise.all([registerUntilKilled(), registerUntilKilled(), registerUntilKilled()]);
  expect(await server.exited).toEqual({ code: null, signal: 'SIGKILL' });

  const { url } = await serveAt(data);
  const statuses = await Promise.all(nodes.map(async (node) => (await node.heartbeat(url, node.nodeToken)).status));
  expect(statuses.length).toBeGreaterThanOrEqual(20);
  expect(new Set(statuses)).toEqual(new Set([200]));

  const { stdout: list } = await run('node', 'list', '--columns', 'id', '--data', data);
  for (const { nodeId } of nodes) expect(list).toContain(nodeId);
});

test('each backup under load is the fleet at one instant, with everything acknowledged before', async () => {
  const [data, folder] = [temporaryFolder(), temporaryFolder()];
  const server = await serveAt(data);
  const { stdout } = await run('join-token', 'create', '--data', data, '--uses', '100000', '--json');
  const { joinToken, id } = JSON.parse(stdout) as { joinToken: string; id: string };
  const acknowledged: string[] = [];
  const ending = new AbortController();
  const registerOn = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      const node = createEmulatedNode();
      const { status } = await node.register(server.url, joinToken);
      if (status === 201) acknowledged.push(node.nodeId);
    }
  };
  const registering = [registerOn(), registerOn(), registerOn()];
  const backups: { file: string; acknowledgedBefore: string[] }[] = [];
  for (const name of ['1', '2', '3']) {
    const count = () => acknowledged.length;
    await expect
      .poll(count, { timeout: 15_000 })
      .toBeGreaterThan((backups.at(-1)?.acknowledgedBefore.length ?? 0) + 10);
    const acknowledgedBefore = [...acknowledged];
    const file = join(folder, `${name}.sqlite`);
    await run('backup', file, '--data', data);
    backups.push({ file, acknowledgedBefore });
  }
  ending.abort();
  await Promise.all(registering);

  for (const { file, acknowledgedBefore } of backups) {
    const { stdout: nodes } = await run('node', 'list', '--json', '--data', file);
    const { stdout: joinTokens } = await run('join-token', 'list', '--json', '--data', file);
    const nodeIds = (JSON.parse(nodes) as { nodeId: string }[]).map(({ nodeId }) => nodeId);
    expect(nodeIds).toEqual(expect.arrayContaining(acknowledgedBefore));
    expect(JSON.parse(joinTokens)).toMatchObject([{ id, state: 'revoked', usedCount: nodeIds.length }]);
  }
});

test('a closed terminal does not end the server', async () => {
  const data = temporaryFolder();
  const server = await serveAt(data);
  server.closeStderr();
  const node = createEmulatedNode();
  const { url, joinToken } = await createJoinToken(data);
  const { nodeToken = '' } = await node.register(url, joinToken);
  expect(await node.heartbeat(url, nodeToken)).toMatchObject({ status: 200 });
  server.signal('SIGTERM');
  expect(await server.exited).toEqual({ code: 0, signal: null });
});

test('a Node that is too old gets a sentence that says what to do, and exit code 1', async () => {
  const old = promisify(execFile)(process.execPath, ['--no-experimental-sqlite', cli, 'join-token', 'list']);
  await expect(old).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^cloudly-standalone needs Node 22\.13 .*`npm run -s cloudly --`.*\.\n$/),
  });
});

test('started by the root script, the CLI refers to itself by that script', async () => {
  const env = { ...process.env, PNPM_PACKAGE_NAME: 'baseos' };
  await expect(promisify(execFile)(process.execPath, [cli, 'serv'], { env })).rejects.toMatchObject({
    stderr: expect.stringContaining('"npm run -s cloudly -- help" lists the commands'),
  });
  const { stdout } = await promisify(execFile)(process.execPath, [cli, 'join-token', '--help'], { env });
  expect(stdout).toContain('USAGE npm run -s cloudly -- join-token ');
  expect(stdout).toContain('"npm run -s cloudly -- join-token <command> --help" shows');
});

test('an error on the command line determines the exit code of the process', async () => {
  await expect(run('serv')).rejects.toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('Did you mean "serve"?'),
  });
});

test('serve on another user’s folder exits with 1, and names the user', () => {
  const data = join(temporaryFolder(), 'closed');
  mkdirSync(data, { mode: 0o500 });
  const asNobody = process.getuid?.() === 0 ? [runAsUserFlag(65_534)] : [];
  const argv = [...asNobody, cli, 'serve', '--port', '0', '--data', data];
  const { status, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
  expect([status, stderr]).toEqual([1, expect.stringMatching(/user \S+ \(\d+\) needs read and write access/)]);
});

test.runIf(process.platform === 'linux')('a result that cannot be written causes exit code 1, and is reported', () => {
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = spawnSync(process.execPath, [cli, 'help'], {
    stdio: ['ignore', full, 'pipe'],
    encoding: 'utf8',
  });
  closeSync(full);
  expect([status, stderr]).toEqual([
    1,
    expect.stringMatching(/^cloudly-standalone: the result cannot be written to stdout: ENOSPC.*\n$/),
  ]);
});
