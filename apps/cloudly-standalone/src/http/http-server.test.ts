import { EventEmitter, once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, it } from 'vitest';
import { type HttpServer, type HttpServerOptions, startHttpServer } from './http-server.js';

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

async function open({ url }: HttpServer): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

/** A handler that tells when a request has arrived. */
function observedHandler(): { arrived: Promise<void>; fetch: HttpServerOptions['fetch'] } {
  const requests = new EventEmitter();
  const fetch = async (request: Request): Promise<Response> => {
    requests.emit('request');
    return new Response(`got ${await request.text()}`);
  };
  return { arrived: once(requests, 'request').then(() => undefined), fetch };
}

const head = 'POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\n';

it('tells where it listens', async () => {
  const { url } = await start();
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(await (await fetch(url, { method: 'POST', body: 'it' })).text()).toBe('got it');
});

it('rejects when the port is taken', async () => {
  const { url } = await start();
  await expect(start({ port: Number(new URL(url).port) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

it('answers a request in flight before it closes, and then does not wait for the connection', async () => {
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

it('takes no new connections once it closes, nor waits for idle ones', async () => {
  const server = await start({ drainMs: 60_000 });
  const idle = await open(server);
  idle.write(`${head}abcde`);
  await once(idle, 'data');
  await server.close();
  await expect(fetch(server.url)).rejects.toThrow('fetch failed');
});

it('does not wait for connections on which nothing has come', async () => {
  const server = await start({ drainMs: 60_000 });
  const [silent] = await Promise.all([open(server), fetch(server.url, { method: 'POST' })]);
  const ended = once(silent, 'close');
  await server.close();
  await expect(ended).resolves.toBeDefined();
});

it('takes no more connections than it may have', async () => {
  const server = await start({ connectionsMax: 1 });
  const first = await open(server);
  first.write(`${head}abcde`);
  await once(first, 'data');
  expect(await text(await open(server))).toBe('');
});

it('gives up on a request that does not come to its end while it closes', async () => {
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

it.each([
  ['anything', { headersTimeoutMs: 50 }, ''],
  ['its whole headers', { headersTimeoutMs: 50 }, 'POST / HTTP/1.1\r\nHost'],
  ['its whole body', { headersTimeoutMs: 50, requestTimeoutMs: 100 }, `${head}ab`],
])('ends the connection of a client that does not send %s', async (_what, timeouts, bytes) => {
  const socket = await open(await start(timeouts));
  socket.write(bytes);
  expect(await text(socket)).toContain('408 Request Timeout');
});

it('answers a request without reading a body that is larger than the handler wants', async () => {
  const server = await start({ fetch: () => new Response('too large', { status: 413 }) });
  const response = await fetch(server.url, { method: 'POST', body: 'x'.repeat(8 * 1024 * 1024) });
  expect(response.status).toBe(413);
});
