import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { listenOnLoopback } from '@serve.zone/baseos-testing/network/listen-on-loopback';
import { afterEach, describe, expect, test } from 'vitest';
import { createNodeHttpFetch, type NodeHttpFetchOptions, type Transport } from './node-http-fetch.js';

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

async function serve(
  listener: RequestListener,
): Promise<{ url: string; server: Server; sockets: ReadonlySet<Socket> }> {
  const server = createServer({ keepAliveTimeout: 60_000 }, listener);
  // Also those that are closed.
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  const { port, close } = await listenOnLoopback(server);
  cleanUps.push(() => void close());
  return { url: `http://127.0.0.1:${port}`, server, sockets };
}

/** Speaks bytes, for answers that an HTTP server would not give. */
async function serveBytes(answer: (socket: Socket) => void): Promise<string> {
  const server = createTcpServer((socket) => void socket.once('data', () => answer(socket)));
  const { port, close } = await listenOnLoopback(server);
  cleanUps.push(() => void close());
  return `http://127.0.0.1:${port}/`;
}

function open(options?: NodeHttpFetchOptions): Transport {
  const transport = createNodeHttpFetch(options);
  cleanUps.push(() => transport.close());
  return transport;
}

/** Whether the only connection gets closed; how (FIN or reset) does not matter. */
function closed(sockets: ReadonlySet<Socket>): Promise<boolean> {
  const [socket] = sockets;
  return new Promise((resolve) => {
    if (!socket || socket.destroyed) resolve(socket !== undefined);
    else socket.on('error', () => undefined).once('close', () => resolve(true));
  });
}

const get = { method: 'GET', headers: {}, redirect: 'manual' } as const;

function never(): AbortSignal {
  return new AbortController().signal;
}

async function readText(answer: Awaited<ReturnType<Transport['fetch']>>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer.body ?? []) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('a request', () => {
  test('carries method, path, query, headers and body, and asks for identity encoding', async () => {
    const { url } = await serve((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method, url: path, headers } = request;
        response.end(JSON.stringify({ method, path, headers, body: Buffer.concat(chunks).toString() }));
      });
    });
    const answer = await open().fetch(`${url}/a/b?c=d`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer t' },
      body: '{"ä":1}',
      redirect: 'manual',
      signal: never(),
    });
    expect(JSON.parse(await readText(answer))).toMatchObject({
      method: 'POST',
      path: '/a/b?c=d',
      headers: {
        'content-type': 'application/json',
        authorization: 'Bearer t',
        'accept-encoding': 'identity',
        'content-length': '8',
      },
      body: '{"ä":1}',
    });
  });

  test('to anything but http and https is rejected', async () => {
    await expect(open().fetch('ftp://127.0.0.1/', { ...get, signal: never() })).rejects.toThrow('ftp:');
  });
});

describe('an answer', () => {
  test('has its status, its case-insensitive headers, and its body in chunks', async () => {
    const { url } = await serve((_request, response) => {
      response.writeHead(503, { 'Retry-After': '7', 'Set-Cookie': ['a=1', 'b=2'] });
      response.end('try later');
    });
    const answer = await open().fetch(url, { ...get, signal: never() });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('RETRY-AFTER')).toBe('7');
    expect(answer.headers.get('set-cookie')).toBe('a=1, b=2');
    expect(answer.headers.get('x-none')).toBeNull();
    expect(await readText(answer)).toBe('try later');
  });

  test.each([204, 304])('with status %i has no body', async (status) => {
    const { url } = await serve((_request, response) => response.writeHead(status).end());
    expect((await open().fetch(url, { ...get, signal: never() })).body).toBeNull();
  });

  test('with a redirect is returned as it is, and nothing is sent on', async () => {
    let requests = 0;
    const { url } = await serve((_request, response) => {
      requests += 1;
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    const answer = await open().fetch(url, { ...get, signal: never() });
    expect([answer.status, answer.headers.get('location'), requests]).toEqual([302, '/elsewhere', 1]);
  });

  test('whose reader stops midway closes the connection instead of reading on', async () => {
    const { url, sockets } = await serve((_request, response) => {
      const pump = (): void => {
        while (response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', pump);
      pump();
    });
    const answer = await open().fetch(url, { ...get, signal: never() });
    const closing = closed(sockets);
    for await (const chunk of answer.body ?? []) if (chunk.length > 0) break;
    expect(await closing).toBe(true);
  });
});

describe('connections', () => {
  const answerOk: RequestListener = (_request, response) => response.end('ok');

  test('are kept and reused', async () => {
    const { url, sockets } = await serve(answerOk);
    const { fetch } = open();
    for (let count = 0; count < 3; count += 1) await readText(await fetch(url, { ...get, signal: never() }));
    expect(sockets.size).toBe(1);
  });

  test('are closed after idleMs of idleness, even if the server would keep them', async () => {
    const { url, sockets } = await serve(answerOk);
    await readText(await open({ idleMs: 20 }).fetch(url, { ...get, signal: never() }));
    expect(await closed(sockets)).toBe(true);
  });

  test('are closed before the server would close them, if it says when', async () => {
    const { url, sockets, server } = await serve(answerOk);
    server.keepAliveTimeout = 1000;
    await readText(await open({ idleMs: 60_000 }).fetch(url, { ...get, signal: never() }));
    const [socket] = sockets;
    const ended = new Promise((resolve) => socket?.once('end', () => resolve('by this side')));
    expect(await ended).toBe('by this side');
  });

  test('that the server closed unnoticed do no harm, if the request may be repeated', async () => {
    const requests: string[] = [];
    const closeSecond: RequestListener = (request, response) => {
      requests.push(`${request.method} ${request.url}`);
      // As a server that took the connection down at the moment of the request.
      if (requests.length === 2) request.socket.resetAndDestroy();
      else response.end('ok');
    };
    const { url, sockets } = await serve(closeSecond);
    const { fetch } = open({ isRepeatable: (method) => method === 'POST' });
    const post = async () => readText(await fetch(url, { ...get, method: 'POST', body: '{}', signal: never() }));
    expect([await post(), await post()]).toEqual(['ok', 'ok']);
    expect(requests).toEqual(['POST /', 'POST /', 'POST /']);
    expect(sockets.size).toBe(2);
  });

  test.each([
    ['the request must not be repeated', 'POST', { isRepeatable: () => false }, 'warm'],
    ['the request is no GET, by default', 'POST', {}, 'warm'],
    ['the connection was fresh', 'GET', {}, 'cold'],
  ] as const)('that break are reported at once when %s', async (_when, method, options, start) => {
    let requests = 0;
    const { url } = await serve((request, response) => {
      requests += 1;
      if (request.url === '/reset') request.socket.resetAndDestroy();
      else response.end('ok');
    });
    const { fetch } = open(options);
    const ask = async (path: string) => readText(await fetch(url + path, { ...get, method, signal: never() }));
    if (start === 'warm') await ask('/');
    await expect(ask('/reset')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(requests).toBe(start === 'warm' ? 2 : 1);
  });

  test('that break in the middle of an answer are reported at once', async () => {
    let requests = 0;
    const { url } = await serve((request, response) => {
      requests += 1;
      if (requests === 1) response.end('ok');
      else request.socket.write('HTTP/1.1 200 OK\r\ncontent-le', () => request.socket.resetAndDestroy());
    });
    const { fetch } = open();
    await readText(await fetch(url, { ...get, signal: never() }));
    await expect(fetch(url, { ...get, signal: never() })).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(requests).toBe(2);
  });

  test('that are idle are not reused after another one failed', async () => {
    const waiting: (() => void)[] = [];
    const { url, sockets } = await serve((request, response) => {
      if (request.url === '/reset') request.socket.resetAndDestroy();
      else if (request.url === '/both') waiting.push(() => response.end());
      else response.end();
      if (waiting.length === 2) for (const answer of waiting.splice(0)) answer();
    });
    const { fetch } = open({ isRepeatable: () => false });
    const read = async (path: string) => readText(await fetch(url + path, { ...get, signal: never() }));
    await Promise.all([read('/both'), read('/both')]);
    expect(sockets.size).toBe(2);
    await expect(read('/reset')).rejects.toMatchObject({ code: 'ECONNRESET' });
    await read('/');
    expect(sockets.size).toBe(3);
  });

  test('are all closed by close(), including those in use', async () => {
    const { url, sockets } = await serve(() => undefined);
    const transport = open();
    const pending = transport.fetch(url, { ...get, signal: never() });
    await expect.poll(() => sockets.size).toBe(1);
    transport.close();
    await expect(pending).rejects.toThrow('socket hang up');
  });
});

describe('the signal', () => {
  test('that is already aborted sends nothing', async () => {
    const reason = new Error('not now');
    const { url, sockets } = await serve((_request, response) => response.end());
    await expect(open().fetch(url, { ...get, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(sockets.size).toBe(0);
  });

  test('ends a wait for the headers with its reason, and closes the connection', async () => {
    const { url, sockets } = await serve(() => undefined);
    const controller = new AbortController();
    const pending = open().fetch(url, { ...get, signal: controller.signal });
    await expect.poll(() => sockets.size).toBe(1);
    const closing = closed(sockets);
    const reason = new Error('deadline');
    controller.abort(reason);
    await expect(pending).rejects.toBe(reason);
    expect(await closing).toBe(true);
  });

  test('ends an endless body with its reason', async () => {
    const { url } = await serve((_request, response) => void response.write('{'));
    const controller = new AbortController();
    const answer = await open().fetch(url, { ...get, signal: controller.signal });
    const reading = readText(answer);
    const reason = new Error('deadline');
    controller.abort(reason);
    await expect(reading).rejects.toBe(reason);
  });

  test('that aborts while nobody reads the body does no harm', async () => {
    const { url, sockets } = await serve((_request, response) => void response.write('{'));
    const controller = new AbortController();
    await open().fetch(url, { ...get, signal: controller.signal });
    const closing = closed(sockets);
    controller.abort();
    expect(await closing).toBe(true);
  });
});

describe('a failure', () => {
  test('of the connection has the system’s error code', async () => {
    const { url, server } = await serve(() => undefined);
    server.close();
    await expect(open().fetch(url, { ...get, signal: never() })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('of a DNS lookup has the system’s error code', async () => {
    await expect(open().fetch('http://nowhere.invalid/', { ...get, signal: never() })).rejects.toMatchObject({
      code: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/) as string,
    });
  });

  test('in the middle of a body reaches its reader', async () => {
    const url = await serveBytes((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf', () => socket.destroy());
    });
    const answer = await open().fetch(url, { ...get, signal: never() });
    await expect(readText(answer)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  test('includes endless 1xx answers', async () => {
    const url = await serveBytes((socket) => socket.write('HTTP/1.1 102 Processing\r\n\r\n'.repeat(1000)));
    await expect(open().fetch(url, { ...get, signal: never() })).rejects.toMatchObject({ code: 'no final answer' });
  });

  test('includes a server that switches to another protocol', async () => {
    const url = await serveBytes((socket) =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nx'),
    );
    await expect(open().fetch(url, { ...get, signal: never() })).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  test('to parse the answer says so, without the received bytes', async () => {
    const url = await serveBytes((socket) => socket.end('canary is no HTTP\r\n\r\n'));
    const error = await open()
      .fetch(url, { ...get, signal: never() })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: expect.stringMatching(/^HPE_/) as string });
    expect(JSON.stringify(Object.entries(Object.getOwnPropertyDescriptors(error)))).not.toContain('canary');
    expect(Object.keys(error as object)).toEqual(['code']);
  });

  test('because of a header names the header, not its value', async () => {
    const refused = open().fetch('http://127.0.0.1:9/', {
      ...get,
      headers: { authorization: 'canary\n' },
      signal: never(),
    });
    await expect(refused).rejects.toThrow(/authorization/);
    await expect(refused).rejects.not.toThrow(/canary/);
  });
});
