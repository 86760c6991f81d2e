import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { HandlerEvent } from '@serve.zone/baseos-cloudly-handlers';
import { endpointUrl } from '@serve.zone/baseos-contracts';
import { expect, onTestFinished, test } from 'vitest';
import { type StandaloneCloudly, type StandaloneCloudlyOptions, startStandaloneCloudly } from '../src/index.js';
import { createEmulatedNode } from './emulated-node.js';
import { temporaryFolder } from '@serve.zone/baseos-testing/files/temporary-folder';

async function start(options: Partial<StandaloneCloudlyOptions> = {}): Promise<StandaloneCloudly> {
  const cloudly = await startStandaloneCloudly({
    databasePath: join(temporaryFolder(), 'data', 'fleet.sqlite'),
    ...options,
  });
  onTestFinished(() => cloudly.close());
  return cloudly;
}

test('enrols a node and accepts its heartbeats, and reports both', async () => {
  const events: HandlerEvent[] = [];
  const { url, createJoinToken } = await start({ onHandled: (event) => events.push(event) });
  const { joinToken } = await createJoinToken();
  const node = createEmulatedNode();

  const { status, nodeToken = '' } = await node.register(url, joinToken);
  expect(status).toBe(201);
  expect(await node.heartbeat(url, nodeToken)).toMatchObject({ status: 200 });
  expect(await node.heartbeat(url, 'another token')).toMatchObject({ status: 401 });

  expect(events.map(({ kind }) => kind)).toEqual([
    'node-registered',
    'node-token-activated',
    'heartbeat-received',
    'request-refused',
  ]);
});

test('gives nodes its interval, or none by default', async () => {
  for (const heartbeatIntervalMs of [undefined, 5000]) {
    const { url, createJoinToken } = await start({ heartbeatIntervalMs });
    const node = createEmulatedNode();
    const { nodeToken = '' } = await node.register(url, (await createJoinToken()).joinToken);
    expect((await node.heartbeat(url, nodeToken)).intervalMs).toBe(heartbeatIntervalMs);
  }
});

test('a join token admits as many nodes as it was made for', async () => {
  const { url, createJoinToken } = await start();
  const { joinToken } = await createJoinToken({ uses: 2 });
  const statuses = [];
  for (let count = 0; count < 3; count += 1)
    statuses.push((await createEmulatedNode().register(url, joinToken)).status);
  expect(statuses).toEqual([201, 201, 401]);
});

test('a join token is valid until it expires, by the injected clock', async () => {
  let nowMs = Date.UTC(2030, 0);
  const { url, createJoinToken } = await start({ now: () => nowMs });
  const { joinToken } = await createJoinToken({ uses: 2, expiresInMs: 1000 });
  nowMs += 999;
  expect(await createEmulatedNode().register(url, joinToken)).toMatchObject({ status: 201 });
  nowMs += 1;
  expect(await createEmulatedNode().register(url, joinToken)).toMatchObject({ status: 401 });
});

test('is the same Cloudly with the same nodes after a restart', async () => {
  const databasePath = join(temporaryFolder(), 'fleet.sqlite');
  const node = createEmulatedNode();
  const before = await start({ databasePath });
  const { nodeToken = '', cloudlyId } = await node.register(before.url, (await before.createJoinToken()).joinToken);
  await before.close();

  const after = await start({ databasePath });
  expect(await node.heartbeat(after.url, nodeToken)).toMatchObject({ status: 200, cloudlyId });
  expect(await after.store.listNodes({ limit: 10 })).toMatchObject([
    { node: { nodeId: node.nodeId }, lastHeartbeat: { sequence: 1 } },
  ]);
});

test('says that it is healthy and which Cloudly it is, and nothing else', async () => {
  const { url, store } = await start();
  const health = await fetch(`${url}/healthz`);
  expect([health.status, await health.json()]).toEqual([200, { status: 'ok', cloudlyId: await store.cloudlyId() }]);
  const other = await fetch(`${url}/other`);
  expect([other.status, await other.json()]).toMatchObject([404, { code: 'not-found' }]);
});

test('is ready, and says so to anyone who asks', async () => {
  const { url } = await start();
  const answer = await fetch(`${url}/readyz`);
  expect([answer.status, await answer.json()]).toEqual([200, { status: 'ready' }]);
});

/** Guesses a join token so often that no address may go on, and gives the last answer's status. */
async function guessTooOften(url: string, forwardedFor: string): Promise<number> {
  let status = 0;
  for (let count = 0; count <= 120; count += 1) status = await guess(url, forwardedFor);
  return status;
}

async function guess(url: string, forwardedFor: string): Promise<number> {
  const headers = { 'content-type': 'application/json', 'x-forwarded-for': forwardedFor };
  const response = await fetch(endpointUrl(url, 'register'), { method: 'POST', headers, body: '{' });
  await response.text();
  return response.status;
}

test('limits attempts by the address that a trusted proxy names, and by no other', async () => {
  const { url } = await start({ trustedProxies: ['127.0.0.0/8'] });
  expect(await guessTooOften(url, '198.51.100.1, 203.0.113.9')).toBe(429);
  expect(await guess(url, '198.51.100.2, 203.0.113.9')).toBe(429);
  expect(await guess(url, '198.51.100.1')).toBe(400);
});

test('keeps connections of a trusted proxy open for longer than the proxy does', async () => {
  const behindProxy = await start({ trustedProxies: ['127.0.0.1'] });
  expect((await fetch(`${behindProxy.url}/healthz`)).headers.get('keep-alive')).toBe('timeout=75');
  expect((await fetch(`${(await start()).url}/healthz`)).headers.get('keep-alive')).toBe('timeout=5');
});

test('limits nobody on the same machine, whatever address it claims', async () => {
  const { url } = await start();
  expect(await guessTooOften(url, '203.0.113.9')).toBe(400);
});

test('keeps its address beside the data while it runs', async () => {
  const databasePath = join(temporaryFolder(), 'fleet.sqlite');
  const { url, close } = await start({ databasePath });
  expect(readFileSync(`${databasePath}.address`, 'utf8')).toBe(`${url}\n`);
  await close();
  expect(existsSync(`${databasePath}.address`)).toBe(false);
});

test('rejects if another server uses the data, and leaves that one its address', async () => {
  const databasePath = join(temporaryFolder(), 'fleet.sqlite');
  for (const host of ['127.0.0.1', '0.0.0.0']) {
    const { url, close } = await start({ databasePath, host });
    await expect(start({ databasePath })).rejects.toMatchObject({
      code: 'data-in-use',
      message: expect.stringContaining(url),
    });
    expect(readFileSync(`${databasePath}.address`, 'utf8')).toBe(`${url}\n`);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    await close();
  }
});

test('lets exactly one of several that start at once serve the data', async () => {
  const databasePath = join(temporaryFolder(), 'fleet.sqlite');
  const starts = await Promise.allSettled([1, 2, 3].map(() => start({ databasePath })));
  const served = starts.filter((settled) => settled.status === 'fulfilled');
  expect(served.map(({ value }) => value.url)).toEqual([readFileSync(`${databasePath}.address`, 'utf8').trim()]);
  const refused = starts.filter((settled) => settled.status === 'rejected');
  expect(refused.map(({ reason }) => (reason as { code?: unknown }).code)).toEqual(['data-in-use', 'data-in-use']);
});

test('replaces one that left its address in a crash', async () => {
  const databasePath = join(temporaryFolder(), 'fleet.sqlite');
  const gone = await start();
  await gone.close();
  // Another program may have got the port since, and even another Cloudly.
  for (const stale of [gone.url, (await start()).url, 'nonsense', '']) {
    writeFileSync(`${databasePath}.address`, `${stale}\n`);
    const { url, close } = await start({ databasePath });
    expect(readFileSync(`${databasePath}.address`, 'utf8')).toBe(`${url}\n`);
    await close();
  }
});

test('rejects if the port is taken, and says so without a change to the data', async () => {
  const databasePath = join(temporaryFolder(), 'fleet.sqlite');
  const { port } = new URL((await start()).url);
  await expect(start({ databasePath, port: Number(port) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  expect(existsSync(`${databasePath}.address`)).toBe(false);
});

test('rejects if it cannot write its address, and stops listening', async () => {
  const databasePath = join(temporaryFolder(), 'fleet.sqlite');
  mkdirSync(`${databasePath}.address`);
  await expect(start({ databasePath })).rejects.toThrow('.address is a directory and not a file');
  expect(process.getActiveResourcesInfo()).not.toContain('TCPServerWrap');
});

test('rejects a file that is not a fleet, and leaves it unchanged', async () => {
  const databasePath = join(temporaryFolder(), 'fleet.sqlite');
  writeFileSync(databasePath, 'a shopping list, and not a short one either');
  await expect(start({ databasePath })).rejects.toMatchObject({ code: 'database-foreign' });
  expect(readFileSync(databasePath, 'utf8')).toContain('shopping list');
});

test('does not report requests that are cut off as it closes', async () => {
  const events: HandlerEvent[] = [];
  const { url, close } = await start({ onHandled: (event) => events.push(event) });
  for (const isClosing of [false, true]) {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(
      `POST ${new URL(endpointUrl(url, 'register')).pathname} HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n` +
        'Authorization: Bearer some\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n\r\n',
    );
    await once(socket, 'data');
    const closed = isClosing ? close() : undefined;
    socket.destroy();
    await closed;
    await expect.poll(() => events).toMatchObject([{ kind: 'request-refused', code: 'malformed-request' }]);
  }
});

test('can be closed twice', async () => {
  const { close } = await start();
  await close();
  await expect(close()).resolves.toBeUndefined();
});
