import { EventEmitter, once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { type HttpServer, type HttpServerOptions, startHttpServer } from './http-server.js';
import type { Eviction } from './track-connections.js';

const started: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.close()));
});

async function start(options: Partial<HttpServerOptions> = {}): Promise<HttpServer> {
  const server = await startHttpServer({
    fetch: async (request) => new Response(`got ${await request.text()}`),
    host: '127.0.0.1',
    port: 0,
    ...options,
  });
  started.push(server);
  return server;
}

async function open({ url }: HttpServer, localAddress = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', localAddress });
  await once(socket, 'connect');
  return socket;
}

/** A handler that reports when a request has arrived. */
function observedHandler(): { arrived: Promise<void>; fetch: HttpServerOptions['fetch'] } {
  const requests = new EventEmitter();
  const fetch = async (request: Request): Promise<Response> => {
    requests.emit('request');
    return new Response(`got ${await request.text()}`);
  };
  return { arrived: once(requests, 'request').then(() => undefined), fetch };
}

const head = 'POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\n';

test('reports where it listens', async () => {
  const { url } = await start();
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(await (await fetch(url, { method: 'POST', body: 'it' })).text()).toBe('got it');
});

test('rejects if the port is taken', async () => {
  const { url } = await start();
  await expect(start({ port: Number(new URL(url).port) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('answers a request in flight before it closes, and then does not wait for the connection', async () => {
  const { arrived, fetch } = observedHandler();
  const server = await start({ fetch, drainMs: 60_000 });
  const socket = await open(server);
  socket.write(`${head}ab`);
  await arrived;
  const closed = server.close();
  socket.write('cde');
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*got abcde/);
  await closed;
});

test('accepts no new connections once it closes, and does not wait for idle ones', async () => {
  const server = await start({ drainMs: 60_000 });
  const idle = await open(server);
  idle.write(`${head}abcde`);
  await once(idle, 'data');
  await server.close();
  await expect(fetch(server.url)).rejects.toThrow('fetch failed');
});

test('does not wait for connections without any data', async () => {
  const server = await start({ drainMs: 60_000 });
  const [silent] = await Promise.all([open(server), fetch(server.url, { method: 'POST' })]);
  const ended = once(silent, 'close');
  await server.close();
  await expect(ended).resolves.toBeDefined();
});

/** Sends a request and waits for its answer; the connection stays open. */
async function ask(socket: Socket): Promise<void> {
  const answered = once(socket, 'data');
  socket.write(`${head}abcde`);
  await answered;
}

test('has a maximum number of connections: a new one replaces the slowest, and that is reported', async () => {
  const evictions: Eviction[] = [];
  const server = await start({
    connectionsMax: 3,
    connectionsPerAddressMax: 3,
    onEviction: (eviction) => evictions.push(eviction),
  });
  const [active, slow] = [await open(server), await open(server)];
  const slowEnded = once(slow, 'close');
  slow.on('error', () => undefined);
  slow.write('POST / HTTP/1.1\r\n');
  await ask(active);
  const another = await open(server);
  await ask(another);
  await ask(await open(server));
  await slowEnded;
  await ask(active);
  await ask(another);
  expect(server.connectionCount()).toBe(3);
  expect(evictions).toEqual([{ address: '127.0.0.1', full: 'address' }]);
});

test.runIf(process.platform === 'linux')('closes a connection of the client that has the most', async () => {
  const evictions: Eviction[] = [];
  const server = await start({
    connectionsMax: 12,
    connectionsPerAddressMax: 10,
    onEviction: (eviction) => evictions.push(eviction),
  });
  const good = await open(server, '127.0.0.2');
  await ask(good);
  const goodEnded = once(good, 'close');
  for (let count = 0; count < 40; count += 1) (await open(server, '127.0.0.3')).on('error', () => undefined);
  await ask(good);
  for (let count = 4; count < 20; count += 1) await ask(await open(server, `127.0.0.${count}`));
  await goodEnded;
  expect(server.connectionCount()).toBe(12);
  expect(evictions.filter(({ full }) => full === 'address').map(({ address }) => address)).toEqual(
    Array.from({ length: 30 }, () => '127.0.0.3'),
  );
  expect(evictions.filter(({ full }) => full === 'server')).toHaveLength(15);
  const victims = evictions.map(({ address }) => address);
  expect(new Set(victims.slice(0, 39))).toEqual(new Set(['127.0.0.3']));
  // Where all have as many, it is the slowest of them all.
  expect(victims.slice(39)).toEqual(['127.0.0.3', '127.0.0.2', '127.0.0.4', '127.0.0.5', '127.0.0.6', '127.0.0.7']);
});

test('allows a proxy all available connections', async () => {
  const evictions: Eviction[] = [];
  const server = await start({
    connectionsMax: 20,
    connectionsPerAddressMax: 2,
    isShared: (address) => address === '127.0.0.1',
    onEviction: (eviction) => evictions.push(eviction),
  });
  const sockets = [];
  for (let count = 0; count < 20; count += 1) sockets.push(await open(server));
  for (const socket of sockets) await ask(socket);
  expect(evictions).toEqual([]);
  await ask(await open(server));
  expect(evictions).toEqual([{ address: '127.0.0.1', full: 'server' }]);
});

test('abandons a request that does not end while the server closes', async () => {
  const { arrived, fetch } = observedHandler();
  const server = await start({ fetch, drainMs: 20 });
  const socket = await open(server);
  socket.on('error', () => undefined);
  const ended = once(socket, 'close');
  socket.write(`${head}ab`);
  await arrived;
  await server.close();
  await expect(ended).resolves.toBeDefined();
});

test.each([
  ['anything', { headersTimeoutMs: 50 }, ''],
  // Long enough for a busy machine to read them: a server that closes on unread bytes resets the connection.
  ['its whole headers', { headersTimeoutMs: 500 }, 'POST / HTTP/1.1\r\nHost'],
  ['its whole body', { headersTimeoutMs: 500, requestTimeoutMs: 600 }, `${head}ab`],
])('closes the connection of a client that does not send %s', async (_what, timeouts, bytes) => {
  const socket = await open(await start(timeouts));
  socket.write(bytes);
  expect(await text(socket)).toContain('408 Request Timeout');
});

test('answers a request without reading a body that is larger than the handler wants', async () => {
  const server = await start({ fetch: () => new Response('too large', { status: 413 }) });
  const response = await fetch(server.url, { method: 'POST', body: 'x'.repeat(8 * 1024 * 1024) });
  expect(response.status).toBe(413);
});
