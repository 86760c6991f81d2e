import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ListenAddress, Logger, RunnerStatus } from '@serve.zone/baseos-runner-core';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { explainListenFailure } from './explain-listen-failure.js';
import { openMetrics } from './open-metrics.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'metrics-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

function unix(name: string): ListenAddress {
  return { kind: 'unix', path: join(folder, name) };
}

/** Serves a status that cannot be read, which still gives an answer, and returns the log. */
function serve(address: ListenAddress): { lines: string[]; logged: (pattern: RegExp) => Promise<void> } {
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const take = (line: string): void => {
    lines.push(line);
    for (const look of waiting) look();
  };
  const logger: Logger = { error: take, warn: take, info: take, debug: take, setLevel: () => undefined };
  const metrics = openMetrics({ address, logger, status: () => ({}) as RunnerStatus });
  onTestFinished(() => metrics.close());
  return {
    lines,
    logged: (pattern) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (lines.some((line) => pattern.test(line))) resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}

/** Whether somebody speaks HTTP there. */
async function isServed(address: ListenAddress): Promise<boolean> {
  const place = address.kind === 'unix' ? { socketPath: address.path } : { host: address.host, port: address.port };
  const sent = request({ ...place, path: '/', agent: false }).end();
  return once(sent, 'response').then(
    () => true,
    () => false,
  );
}

async function listenAt(address: ListenAddress): Promise<Server> {
  const server = createServer();
  server.listen(address.kind === 'unix' ? { path: address.path } : { host: address.host, port: address.port });
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return server;
}

describe('a metrics endpoint that is unavailable at start', () => {
  test('is opened as soon as the previous agent has released it, and each change is reported once', async () => {
    const before = await listenAt({ kind: 'tcp', host: '127.0.0.1', port: 0 });
    const address: ListenAddress = { kind: 'tcp', host: '127.0.0.1', port: (before.address() as AddressInfo).port };
    const { lines, logged } = serve(address);
    await logged(/EADDRINUSE/);
    before.close();
    await logged(/^Metrics are served/);
    expect(await isServed(address)).toBe(true);
    expect(lines).toEqual([
      `Metrics cannot be served (EADDRINUSE): another process listens at 127.0.0.1:${address.port}. The agent retries; ` +
        'stop that process, or change BASEOS_METRICS_LISTEN.',
      `Metrics are served at 127.0.0.1:${address.port}.`,
    ]);
  });

  test('is opened as soon as the previous agent has released its socket', async () => {
    const address = unix('metrics.sock');
    const before = await listenAt(address);
    const { lines, logged } = serve(address);
    await logged(/EADDRINUSE/);
    before.close();
    await logged(/^Metrics are served/);
    expect(await isServed(address)).toBe(true);
    expect(lines).toHaveLength(2);
  });

  test('is opened as soon as its directory exists', async () => {
    const address = unix('later/metrics.sock');
    const { lines, logged } = serve(address);
    await logged(/ENOENT/);
    mkdirSync(join(folder, 'later'));
    await logged(/^Metrics are served/);
    expect(await isServed(address)).toBe(true);
    expect(lines[0]).toContain('there is no directory for unix:');
  });

  test('is opened as soon as somebody removes the ordinary file in its place, which the agent keeps', async () => {
    const address = unix('metrics.sock');
    writeFileSync(join(folder, 'metrics.sock'), 'a file of somebody');
    const { logged } = serve(address);
    await logged(/EADDRINUSE/);
    rmSync(join(folder, 'metrics.sock'));
    await logged(/^Metrics are served/);
    expect(await isServed(address)).toBe(true);
  });

  test.skipIf(process.getuid?.() === 0)('is opened as soon as the agent may write there', async () => {
    const address = unix('metrics.sock');
    chmodSync(folder, 0o500);
    const { logged } = serve(address);
    await logged(/EACCES/);
    chmodSync(folder, 0o700);
    await logged(/^Metrics are served/);
    expect(await isServed(address)).toBe(true);
  });
});

test('a status that cannot be read fails a request, not the process', async () => {
  const address = unix('metrics.sock');
  const { logged } = serve(address);
  await logged(/^Metrics are served/);
  const sent = request({ socketPath: join(folder, 'metrics.sock'), path: '/metrics', agent: false }).end();
  await expect(once(sent, 'response')).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(await isServed(address)).toBe(true);
});

test.each([
  ['EADDRNOTAVAIL', { kind: 'tcp', host: '::1', port: 9464 }, 'this device does not have the address [::1]:9464'],
  ['EACCES', { kind: 'tcp', host: '127.0.0.1', port: 80 }, 'choose port 1024 or higher'],
  ['EACCES', { kind: 'unix', path: '/run/x' }, "the agent's user may not create unix:/run/x"],
  ['EROFS', { kind: 'unix', path: '/run/x' }, 'read-only'],
  ['EINVAL', { kind: 'unix', path: `/run/${'x'.repeat(107)}` }, 'too long: the path of a socket can have 107 bytes'],
  ['EINVAL', { kind: 'unix', path: '/run/x' }, 'cannot listen at unix:/run/x'],
  ['EWHATEVER', { kind: 'unix', path: '/run/x' }, 'The agent retries; change BASEOS_METRICS_LISTEN.'],
] as const)('%s at %j is explained', (code, address, words) => {
  expect(explainListenFailure(Object.assign(new Error(code), { code }), address)).toContain(words);
});
