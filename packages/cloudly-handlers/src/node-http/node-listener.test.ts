import { once } from 'node:events';
import { createServer, IncomingMessage, type RequestListener, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { listenOnLoopback } from '@serve.zone/baseos-testing/network/listen-on-loopback';
import { endpoints, limits } from '@serve.zone/baseos-contracts';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createCloudly } from '../../test/fixtures/cloudly.js';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { createLatch } from '../../test/fixtures/latch.js';
import { openConnection, postHead } from '../../test/fixtures/raw-connection.js';
import { createMemoryStore } from '../stores/memory/memory-store.js';
import { nodeListener } from './node-listener.js';
import type { FetchHandler } from './serve.js';

async function listen(listener: RequestListener) {
  const { port, close } = await listenOnLoopback(createServer(listener));
  onTestFinished(close);
  return port;
}

function chunk(byteCount: number): string {
  return `${byteCount.toString(16)}\r\n${' '.repeat(byteCount)}\r\n`;
}

describe('a request over a socket', () => {
  test('has the path that was requested, its headers, its method and its message', async () => {
    const seen: unknown[] = [];
    const fetch: FetchHandler = async (request, info) => {
      seen.push([request.method, new URL(request.url).pathname, request.headers.get('x-one'), await request.text()]);
      return new Response(info instanceof IncomingMessage ? 'a message' : 'none', { status: 202 });
    };
    const port = await listen((incoming, outgoing) => {
      // As Express does for a mount path.
      Object.assign(incoming, { originalUrl: incoming.url, url: '/' });
      nodeListener(fetch)(incoming, outgoing);
    });
    const response = await globalThis.fetch(`http://127.0.0.1:${port}/a/b?c`, {
      method: 'PUT',
      headers: { 'x-one': '1' },
      body: 'Kühlhaus',
    });
    expect([response.status, await response.text()]).toEqual([202, 'a message']);
    expect(seen).toEqual([['PUT', '/a/b', '1', 'Kühlhaus']]);
  });

  test.for([
    ['a request target that is a whole URL', 'POST http://elsewhere/baseos/v1/nodes/register HTTP/1.1', '415'],
    ['a request target that is not a path', 'OPTIONS * HTTP/1.1', '400'],
    ['a method that no web-standard request supports', 'TRACE / HTTP/1.1', '400'],
    ['a method of the contract', 'HEAD /baseos/v1/nodes/register HTTP/1.1', '405'],
    ['a path that begins like a host', 'POST //[::1/baseos/v1/nodes/register HTTP/1.1', '415'],
  ])('is answered: %s', async ([, requestLine, status]) => {
    const port = await listen(nodeListener(createCloudly(createMemoryStore()).fetch));
    const { socket, answers } = await openConnection(port);
    socket.write(`${requestLine}\r\nHost: [not:a:host\r\nContent-Length: 0\r\n\r\n`);
    expect(await answers(1)).toEqual([status]);
  });

  test.for(['Authorization', 'Content-Type', 'X-One'])('has both of two headers %s', async (name) => {
    const seen: unknown[] = [];
    const fetch: FetchHandler = async (request) => {
      seen.push(request.headers.get(name));
      return new Response();
    };
    const { socket, answers } = await openConnection(await listen(nodeListener(fetch)));
    socket.write(`GET / HTTP/1.1\r\nHost: a\r\n${name}: one\r\n${name}: two\r\n\r\n`);
    expect(await answers(1)).toEqual(['200']);
    expect(seen).toEqual(['one, two']);
  });

  test('has headers that middleware has set', async () => {
    const seen: unknown[] = [];
    const fetch: FetchHandler = async ({ headers }) => {
      seen.push(headers.get('authorization'), headers.get('x-one'));
      return new Response();
    };
    const port = await listen((incoming, outgoing) => {
      incoming.headers.authorization = 'Bearer other';
      delete incoming.headers['x-one'];
      nodeListener(fetch)(incoming, outgoing);
    });
    await globalThis.fetch(`http://127.0.0.1:${port}/`, { headers: { authorization: 'Bearer own', 'x-one': '1' } });
    expect(seen).toEqual(['Bearer other', null]);
  });

  test('is answered once the listener has resolved, for routers that wait for it', async () => {
    const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
      await nodeListener(createCloudly(createMemoryStore()).fetch)(incoming, outgoing);
      // As h3 does for what no handler has answered.
      if (!outgoing.writableEnded) outgoing.writeHead(404).end();
    };
    const port = await listen((incoming, outgoing) => void answer(incoming, outgoing));
    expect((await globalThis.fetch(`http://127.0.0.1:${port}${endpoints.register.path}`)).status).toBe(405);
  });

  test('is read no faster than the handlers read', async () => {
    const [reached, released] = [createLatch(), createLatch()];
    let incoming: IncomingMessage | undefined;
    const port = await listen((message, outgoing) => {
      incoming = message;
      nodeListener(async (request) => {
        await request.body?.getReader().read();
        reached.open();
        await released.opened;
        return new Response(null, { status: 204 });
      })(message, outgoing);
    });
    const { socket, closed } = await openConnection(port);
    socket.write(postHead('/', 'Transfer-Encoding: chunked'));
    socket.write(chunk(65_536));
    await reached.opened;
    // Far more than socket buffers hold: all of it would arrive without back pressure.
    for (let count = 0; count < 512; count += 1) socket.write(chunk(65_536));
    await new Promise((resolve) => void setImmediate(resolve));
    expect(incoming?.readableLength).toBeLessThan(limits.bodyMaxBytes);
    expect(incoming?.isPaused()).toBe(true);
    released.open();
    // What is left is dropped up to a bound, and then the connection.
    await closed;
    expect(incoming?.socket.bytesRead).toBeLessThan(16 * limits.bodyMaxBytes);
  });

  test('with an unread body leaves the connection to the next one', async () => {
    const port = await listen(nodeListener(createCloudly(createMemoryStore()).fetch));
    const { socket, answers } = await openConnection(port);
    const body = ' '.repeat(limits.bodyMaxBytes);
    for (let count = 1; count <= 3; count += 1) {
      socket.write(postHead(endpoints.heartbeat.path, `Content-Length: ${body.length}`) + body);
      expect((await answers(count)).at(-1)).toBe('401');
    }
  });

  test('whose body does not arrive gets its answer, and then the connection ends', async () => {
    const judged = createLatch();
    const fetch: FetchHandler = async () => {
      judged.open();
      return new Response(null, { status: 400 });
    };
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const port = await listen(nodeListener(fetch));
    const { socket, answers, closed } = await openConnection(port);
    socket.write(`${postHead(endpoints.register.path, 'Content-Length: 9')}{`);
    await judged.opened;
    expect(await answers(1)).toEqual(['400']);
    await vi.advanceTimersByTimeAsync(5000);
    await closed;
  });

  test('that is cut off midway affects nobody else', async () => {
    const cloudly = createCloudly(createMemoryStore());
    const judged = createLatch();
    const port = await listen(
      nodeListener(async (request, info) => {
        const response = await cloudly.fetch(request, info);
        judged.open();
        return response;
      }),
    );
    const { socket, closed } = await openConnection(port);
    socket.write(`${postHead(endpoints.register.path, 'Content-Length: 9')}{`);
    socket.end();
    await Promise.all([closed, judged.opened]);
    expect(cloudly.events.map((event) => event.kind === 'request-refused' && event.code)).toEqual([
      'malformed-request',
    ]);
    expect(cloudly.errors).toEqual([]);
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
  });

  test('that someone else has answered meanwhile affects nobody else', async () => {
    const port = await listen((incoming, outgoing) => {
      nodeListener(async () => {
        outgoing.writeHead(200).write('half of ');
        return new Response('another');
      })(incoming, outgoing);
    });
    const { socket, answers, closed } = await openConnection(port);
    socket.write(postHead('/', 'Content-Length: 0'));
    expect(await answers(1)).toEqual(['200']);
    await closed;
  });
});

const registration = createEmulatedNode().registration();
const text = JSON.stringify(registration);

describe('a request whose body was already parsed', () => {
  /** A message that a parser has read to its end. */
  const readMessage = async (body: string, left: object): Promise<IncomingMessage> => {
    const incoming = new IncomingMessage(new Socket());
    Object.assign(incoming, { method: 'POST', url: endpoints.register.path, ...left });
    incoming.headers['content-type'] = 'application/json';
    incoming.push(body);
    incoming.push(null);
    incoming.resume();
    await once(incoming, 'end');
    return incoming;
  };

  const statusOf = async (cloudly: ReturnType<typeof createCloudly>, incoming: IncomingMessage): Promise<number> => {
    const outgoing = new ServerResponse(incoming);
    await nodeListener(cloudly.fetch)(incoming, outgoing);
    expect(outgoing.writableEnded).toBe(true);
    return outgoing.statusCode;
  };

  test.for([
    ['the value that it says', { body: registration }],
    ['its bytes', { body: Buffer.from(text) }],
    ['its text', { body: text }],
    ['its bytes beside the value', { rawBody: Buffer.from(text), body: {} }],
  ] as const)('is judged by the parser’s output: %s', async ([, left]) => {
    const cloudly = createCloudly(createMemoryStore());
    const incoming = await readMessage(text, left);
    incoming.headers['authorization'] = `Bearer ${await cloudly.createJoinToken()}`;
    expect(await statusOf(cloudly, incoming)).toBe(201);
  });

  test('is rejected if it was empty', async () => {
    const cloudly = createCloudly(createMemoryStore());
    const incoming = await readMessage('', { rawBody: Buffer.alloc(0), body: {} });
    incoming.headers['content-length'] = '0';
    expect(await statusOf(cloudly, incoming)).toBe(400);
    expect(cloudly.errors).toEqual([]);
  });

  test('is as bounded as any other', async () => {
    const cloudly = createCloudly(createMemoryStore());
    const body = { ...registration, pad: Array.from({ length: 300 }, () => 'x'.repeat(1000)) };
    expect(await statusOf(cloudly, await readMessage('{}', { body }))).toBe(413);
  });

  test('is rejected if the parser’s output cannot be written as JSON', async () => {
    const cloudly = createCloudly(createMemoryStore());
    expect(await statusOf(cloudly, await readMessage('{}', { body: { count: 1n } }))).toBe(400);
  });

  test.for([
    ['as it is', text],
    ['after blanks', `\r\n\t ${text}`],
    ['on many lines', JSON.stringify(registration, null, 2)],
    ['in a list', `[${text}]`],
  ] as const)('is not judged by the type that a parser gave it: a message %s', async ([, message]) => {
    const cloudly = createCloudly(createMemoryStore());
    const body = Object.fromEntries(new URLSearchParams(message));
    expect(await statusOf(cloudly, await readMessage(message, { body }))).toBe(503);
    expect(cloudly.errors).toHaveLength(1);
  });

  test('is answered with 503 if nothing was left of it, and the operator is told why', async () => {
    const cloudly = createCloudly(createMemoryStore());
    expect(await statusOf(cloudly, await readMessage(text, {}))).toBe(503);
    expect(cloudly.errors.map(String)).toEqual([
      expect.stringMatching(/^Error: The body of POST \/baseos\/v1\/nodes\/register was read before .+ in Koa, .+\.$/),
    ]);
  });
});
