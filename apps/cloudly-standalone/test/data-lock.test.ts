import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { bundledCli } from './cli-process.js';
import { startServer } from './start-server.js';
import { temporaryFolder } from '@serve.zone/baseos-testing/files/temporary-folder';

const { cli, run, serve, serveAt } = bundledCli();

function inUse(url: string): RegExp {
  return new RegExp(`another server is already running on this data, at ${url}\\. Stop that server first`);
}

test('a second server on the same data does not start, and the first one keeps its address', async () => {
  const data = temporaryFolder();
  const { url } = await serveAt(data);
  const second = serve('--data', data);
  await second.logged(inUse(url));
  expect(await second.exited).toEqual({ code: 1, signal: null });
  expect(readFileSync(join(data, 'cloudly.sqlite.address'), 'utf8')).toBe(`${url}\n`);
  expect((await run('join-token', 'create', '--data', data)).stdout).toContain(url);
});

test('a second server that reaches the data by another name does not start either', async () => {
  const [data, elsewhere] = [temporaryFolder(), temporaryFolder()];
  const { url } = await serveAt(data);
  symlinkSync(data, join(elsewhere, 'folder'));
  symlinkSync(join(data, 'cloudly.sqlite'), join(elsewhere, 'file.sqlite'));
  for (const name of ['folder', 'file.sqlite']) {
    const second = serve('--data', join(elsewhere, name));
    await second.logged(/another server is already running on this data/);
    expect(await second.exited).toEqual({ code: 1, signal: null });
  }
  expect(readFileSync(join(data, 'cloudly.sqlite.address'), 'utf8')).toBe(`${url}\n`);
});

/** Namespaces as a container has them: its own network, processes and mounts, with the data mounted at another place. */
const unshare = ['--net', '--pid', '--fork', '--mount', '--kill-child'];
const canUnshare = (() => {
  try {
    execFileSync('unshare', [...unshare, 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

test.skipIf(!canUnshare && !process.env['CI'])(
  'a second server in another container, which cannot reach the first one, does not start either (needs root and unshare)',
  async () => {
    const [data, volume] = [temporaryFolder(), join(temporaryFolder(), 'volume')];
    mkdirSync(volume);
    const { url } = await serveAt(data);
    const script = 'mount --bind "$1" "$2" && exec "$3" "$4" serve --port 0 --data "$2"';
    const second = spawn('unshare', [...unshare, 'sh', '-c', script, 'sh', data, volume, process.execPath, cli], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    onTestFinished(() => void second.kill('SIGKILL'));
    const [told, [code]] = await Promise.all([text(second.stderr), once(second, 'exit')]);
    expect(told).toMatch(inUse(url));
    expect(code).toBe(1);
    expect(readFileSync(join(data, 'cloudly.sqlite.address'), 'utf8')).toBe(`${url}\n`);
  },
);

test('the next server starts at once, however the previous one ended', async () => {
  const data = temporaryFolder();
  for (const signal of ['SIGKILL', 'SIGTERM', 'SIGKILL'] as const) {
    const server = await serveAt(data);
    server.signal(signal);
    await server.exited;
  }
  const { url } = await serveAt(data);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});

test('exactly one of several servers that start together runs', async () => {
  const data = temporaryFolder();
  const servers = Array.from({ length: 4 }, () => serve('--data', data));
  const outcomes = await Promise.all(
    servers.map((server) => server.logged(/Cloudly listens|another server is already running/).then(([said]) => said)),
  );
  expect(outcomes.toSorted()).toEqual([
    'Cloudly listens',
    ...Array.from({ length: 3 }, () => 'another server is already running'),
  ]);
});

test('two servers in one process exclude each other too, and the data is free after the first', async () => {
  const { data, close } = await startServer();
  await expect(startServer({ databasePath: data })).rejects.toMatchObject({ code: 'data-in-use' });
  await expect(startServer({ databasePath: data })).rejects.toMatchObject({ code: 'data-in-use' });
  await close();
  await startServer({ databasePath: data });
});

test('a server that fails to start leaves the data to the next one', async () => {
  const { data, close, url } = await startServer();
  await close();
  const { port } = new URL(url);
  const taken = await startServer({ port: Number(port) });
  await expect(startServer({ databasePath: data, port: Number(port) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await taken.close();
  await startServer({ databasePath: data });
});

test.runIf(process.platform === 'linux')('data at a path where no folder can exist is reported at once', async () => {
  const server = serve('--data', '/proc/cloudly/data');
  await server.logged(/Cloudly cannot start: ENOENT.*\/proc/);
  expect(await server.exited).toEqual({ code: 1, signal: null });
});
