import { once } from 'node:events';
import { Agent, createServer as createHttpServer, get, type IncomingMessage } from 'node:http';
import { connect as connectHttp2, constants, createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { wakeEndpoint } from '@serve.zone/baseos-contracts';
import fastify, { type FastifyInstance } from 'fastify';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createLatch } from '../../test/fixtures/latch.js';
import { expressMiddleware } from './express-middleware.js';
import { fastifyPlugin } from './fastify-plugin.js';
import type { NodeRequest, NodeResponse } from './node-message.js';
import { nodeListener } from './node-listener.js';
import type { FetchHandler } from './serve.js';

type Listener = (incoming: NodeRequest, outgoing: NodeResponse) => unknown;

async function listen(server: Server): Promise<Server> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  return server;
}

function asMiddleware(fetch: FetchHandler): Listener {
  const [middleware] = expressMiddleware(fetch);
  return (incoming, outgoing) => middleware(incoming, outgoing, (error) => void outgoing.destroy(error as Error));
}

async function listenIn(app: Pick<FastifyInstance, 'listen' | 'close'> & { server: Server }): Promise<Server> {
  await app.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => app.close());
  return app.server;
}

async function inFastify(fetch: FetchHandler): Promise<Server> {
  const app = fastify();
  await app.register(fastifyPlugin(fetch));
  return listenIn(app);
}

async function inFastifyWithHttp2(fetch: FetchHandler): Promise<Server> {
  const app = fastify({ http2: true });
  await app.register(fastifyPlugin(fetch));
  return listenIn(app);
}

interface Opened {
  body: Readable;
  leave(this: void): void;
}

/** With a connection of its own for each request. */
async function openByHttp1(port: number): Promise<Opened> {
  const agent = new Agent();
  onTestFinished(() => agent.destroy());
  const outgoing = get({ port, host: '127.0.0.1', path: wakeEndpoint.path, agent });
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  outgoing.on('error', () => undefined);
  return { body: response, leave: () => outgoing.destroy() };
}

async function openByHttp2(port: number): Promise<Opened> {
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  onTestFinished(() => session.destroy());
  const stream = session.request({ ':path': wakeEndpoint.path });
  await once(stream, 'response');
  return { body: stream, leave: () => stream.close(constants.NGHTTP2_CANCEL) };
}

const servers: readonly {
  name: string;
  listen: (fetch: FetchHandler) => Promise<Server>;
  open: (port: number) => Promise<Opened>;
}[] = [
  { name: 'node:http', listen: (fetch) => listen(createHttpServer(nodeListener(fetch))), open: openByHttp1 },
  { name: 'node:http2', listen: (fetch) => listen(createHttp2Server(nodeListener(fetch))), open: openByHttp2 },
  { name: 'Express', listen: (fetch) => listen(createHttpServer(asMiddleware(fetch))), open: openByHttp1 },
  { name: 'Fastify', listen: inFastify, open: openByHttp1 },
  { name: 'Fastify with http2', listen: inFastifyWithHttp2, open: openByHttp2 },
];

/** A body that the test writes, and what became of it. */
function createBody(pull?: (controller: ReadableStreamDefaultController<Uint8Array>) => void) {
  const cancelled = createLatch();
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const stream = new ReadableStream<Uint8Array>({
    start: (given) => void (controller = given),
    pull: (given) => pull?.(given),
    cancel: cancelled.open,
  });
  return {
    stream,
    cancelled: cancelled.opened,
    say: (piece: string) => controller?.enqueue(new TextEncoder().encode(piece)),
    end: () => controller?.close(),
    fail: () => controller?.error(new Error('The store is away')),
  };
}

/** Not at once, so that it is sent as a stream. */
function slowly(...pieces: readonly string[]): ReadableStream<Uint8Array> {
  const left = [...pieces];
  return new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => void setTimeout(resolve));
      const piece = left.shift();
      if (piece === undefined) controller.close();
      else controller.enqueue(new TextEncoder().encode(piece));
    },
  });
}

async function nextText(body: Readable): Promise<string> {
  const [piece] = (await once(body, 'data')) as [Uint8Array];
  return new TextDecoder().decode(piece);
}

describe.for(servers)('a streamed body, behind $name', (server) => {
  const open = async (stream: ReadableStream) => {
    const { port } = (await server.listen(async () => new Response(stream))).address() as AddressInfo;
    return server.open(port);
  };

  test('has its head before there is anything to say, and each piece as soon as it is said', async () => {
    const { stream, say, end } = createBody();
    const { body } = await open(stream);
    for (const piece of ['one', 'two']) {
      say(piece);
      expect(await nextText(body)).toBe(piece);
    }
    say('three');
    end();
    expect(await text(body)).toBe('three');
  });

  test('is cut off if it fails, so that nobody takes it for whole', async () => {
    const { stream, say, fail } = createBody();
    const { body } = await open(stream);
    say('one');
    expect(await nextText(body)).toBe('one');
    fail();
    await expect(text(body)).rejects.toThrow(/aborted|INTERNAL_ERROR/);
  });

  test('is cancelled when its client leaves', async () => {
    const { stream, cancelled } = createBody();
    const { body, leave } = await open(stream);
    body.on('error', () => undefined);
    leave();
    await expect(cancelled).resolves.toBeUndefined();
  });

  test('is read no faster than the client takes it, and arrives whole', async () => {
    const piece = new Uint8Array(100_000);
    let left = 100;
    const { stream } = createBody((controller) => {
      left -= 1;
      if (left < 0) controller.close();
      else controller.enqueue(piece);
    });
    const { body } = await open(stream);
    let byteCount = 0;
    for await (const part of body) byteCount += (part as Uint8Array).byteLength;
    expect(byteCount).toBe(100 * piece.byteLength);
  });

  test('is cancelled if its client takes nothing for half a minute', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    // Without back pressure it would go on for ever.
    const { stream, cancelled } = createBody((controller) => controller.enqueue(new Uint8Array(65_536)));
    const { body } = await open(stream);
    body.on('error', () => undefined);
    const passing = setInterval(() => void vi.advanceTimersByTime(10_000), 1);
    onTestFinished(() => clearInterval(passing));
    await expect(cancelled).resolves.toBeUndefined();
  });
});

describe('an answer of node:http', () => {
  const serve = async (respond: () => Response) => {
    const server = await listen(createHttpServer(nodeListener(async () => respond())));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  };

  test('that is there at once is sent in one piece, with its length', async () => {
    const { headers } = await fetch(await serve(() => new Response('Kühlhaus')));
    expect([headers.get('content-length'), headers.get('transfer-encoding')]).toEqual(['9', null]);
  });

  test('has each of several cookies', async () => {
    const cookies = ['a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT', 'b=2'];
    const url = await serve(() => new Response('', { headers: cookies.map((cookie) => ['set-cookie', cookie]) }));
    expect((await fetch(url)).headers.getSetCookie()).toEqual(cookies);
  });

  test('to HEAD has no body, and ends that of a stream', async () => {
    const { stream, cancelled } = createBody();
    const response = await fetch(await serve(() => new Response(stream, { headers: { 'x-one': '1' } })), {
      method: 'HEAD',
    });
    expect([response.headers.get('x-one'), await response.text()]).toEqual(['1', '']);
    await cancelled;
  });

  test('that is made of something else than bytes is cut off', async () => {
    const stream = new ReadableStream({ pull: (controller) => controller.enqueue('text') });
    await expect(fetch(await serve(() => new Response(stream)))).rejects.toThrow('fetch failed');
  });

  test('leaves the connection to the next one when its stream ends', async () => {
    const sockets = new Set<unknown>();
    const server = createHttpServer(nodeListener(async () => new Response(slowly('a', 'b'))));
    server.on('connection', (socket) => sockets.add(socket));
    const { port } = (await listen(server)).address() as AddressInfo;
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    for (let count = 0; count < 3; count += 1) {
      const [response] = (await once(get({ port, host: '127.0.0.1', agent }), 'response')) as [IncomingMessage];
      expect(await text(response)).toBe('ab');
    }
    expect(sockets.size).toBe(1);
  });
});
