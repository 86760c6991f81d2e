import { once } from 'node:events';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { answering } from '../../test/answer.js';
import { deferred } from '../../test/deferred.js';
import { nodeHttpFetch } from '@serve.zone/baseos-testing/network/node-http-fetch';
import { refusingAddress, serve, type Served } from '../../test/serve.js';
import type { FetchLike } from '../transport/fetch-like.js';
import { SupervisorClient } from './supervisor-client.js';

const apiKey = 'k3yk3yk3yk3yk3yk3yk3yk3yk3yk3y42';
const journal = { method: 'POST', path: '/v2/journal-logs', body: { follow: true } } as const;

const transports: [string, FetchLike | undefined][] = [
  ['ky, the default', undefined],
  ['globalThis.fetch', globalThis.fetch],
  ['a transport on node:http', nodeHttpFetch],
];

describe.each(transports)('a stream over a real socket, with %s', (_name, fetch) => {
  const clientOf = ({ address }: Pick<Served, 'address'>) => new SupervisorClient({ address, apiKey, fetch });

  test('returns its bytes as they arrive', async () => {
    await using served = await following();
    const { open } = served;
    const chunks = (await clientOf(served).stream(journal))[Symbol.asyncIterator]();
    const { response, said } = await open;
    expect(said).toBe(`POST /v2/journal-logs ApiKey ${apiKey} {"follow":true}`);
    expect(await textOf(chunks.next())).toBe('first\n');
    response.write('second\n');
    expect(await textOf(chunks.next())).toBe('second\n');
    const third = chunks.next();
    response.write('third\n');
    expect(await textOf(third)).toBe('third\n');
    response.end();
    expect(await chunks.next()).toEqual({ done: true, value: undefined });
    expect(await chunks.next()).toEqual({ done: true, value: undefined });
  });

  test('has no deadline once it is open', async () => {
    await using served = await following();
    const { open } = served;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const chunks = (await clientOf(served).stream(journal))[Symbol.asyncIterator]();
    const { response } = await open;
    await chunks.next();
    const second = chunks.next();
    vi.advanceTimersByTime(120_000);
    response.write('late\n');
    expect(await textOf(second)).toBe('late\n');
    await chunks.return?.();
  });

  test('closes its socket when its reader leaves the loop', async () => {
    await using served = await following();
    const { open } = served;
    for await (const chunk of await clientOf(served).stream(journal)) {
      expect(chunk.byteLength).toBe(6);
      break;
    }
    expect(await closed((await open).request)).toBe(true);
  });

  test('closes its socket when its reader ends it while waiting', async () => {
    await using served = await following();
    const { open } = served;
    const chunks = (await clientOf(served).stream(journal))[Symbol.asyncIterator]();
    await chunks.next();
    const second = chunks.next();
    expect(await chunks.return?.()).toEqual({ done: true, value: undefined });
    expect(await second).toEqual({ done: true, value: undefined });
    expect(await chunks.next()).toEqual({ done: true, value: undefined });
    expect(await closed((await open).request)).toBe(true);
  });

  test('closes its socket when it is ended unread', async () => {
    await using served = await following();
    const { open } = served;
    const stream = await clientOf(served).stream(journal);
    await stream[Symbol.asyncIterator]().return?.();
    expect(await closed((await open).request)).toBe(true);
  });

  test('ends on an abort, with its reason, and closes its socket', async () => {
    await using served = await following();
    const { open } = served;
    const controller = new AbortController();
    const reason = new Error('the app stops');
    const stream = await clientOf(served).stream(journal, { signal: controller.signal });
    const chunks = stream[Symbol.asyncIterator]();
    await chunks.next();
    const waiting = chunks.next();
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(await chunks.next()).toEqual({ done: true, value: undefined });
    expect(await closed((await open).request)).toBe(true);
  });

  test('reports an abort to a reader that was not waiting when it returns', async () => {
    await using served = await following();
    const { open } = served;
    const controller = new AbortController();
    const stream = await clientOf(served).stream(journal, { signal: controller.signal });
    const chunks = stream[Symbol.asyncIterator]();
    await chunks.next();
    controller.abort(new Error('the app stops'));
    expect(await closed((await open).request)).toBe(true);
    await expect(chunks.next()).rejects.toThrow('the app stops');
    expect(await chunks.next()).toEqual({ done: true, value: undefined });
  });

  test("that is cut off rejects as unreachable, never with the transport's own error", async () => {
    await using served = await following();
    const { open } = served;
    const chunks = (await clientOf(served).stream(journal))[Symbol.asyncIterator]();
    await chunks.next();
    (await open).request.socket.resetAndDestroy();
    await expect(chunks.next()).rejects.toMatchObject({
      name: 'SupervisorError',
      code: 'unreachable',
      endpoint: 'POST /v2/journal-logs',
      retryable: true,
    });
    expect(await chunks.next()).toEqual({ done: true, value: undefined });
  });

  test('is read no faster than its reader asks', async () => {
    const chunk = Buffer.alloc(64 * 1024, 'x');
    let writtenBytes = 0;
    const { promise: blocked, resolve: block } = deferred<void>();
    await using served = await serve((_request, response) => {
      const pour = (): void => {
        while (!response.destroyed && writtenBytes < 256 * 1024 * 1024) {
          writtenBytes += chunk.byteLength;
          if (!response.write(chunk)) return;
        }
      };
      response.on('drain', pour);
      response.once('drain', () => block());
      pour();
    });
    const chunks = (await clientOf(served).stream(journal))[Symbol.asyncIterator]();
    await chunks.next();
    await blocked;
    // Time enough for a transport that reads on by itself; what the kernel holds is far from all there is.
    for (let round = 0; round < 500; round++) await new Promise((resolve) => setImmediate(resolve));
    expect(writtenBytes).toBeLessThan(64 * 1024 * 1024);
    await chunks.return?.();
  });

  test('that does not begin in time closes its connection', async () => {
    await using served = await serve(() => {});
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const opening = clientOf(served).stream(journal);
    const [request] = (await once(served.server, 'request')) as [IncomingMessage];
    vi.advanceTimersByTime(30_000);
    await expect(opening).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('within 30000 ms'),
    });
    expect(await closed(request)).toBe(true);
  });

  test('that is aborted before it begins closes its connection', async () => {
    await using served = await serve(() => {});
    const controller = new AbortController();
    const opening = clientOf(served).stream(journal, { signal: controller.signal });
    const [request] = (await once(served.server, 'request')) as [IncomingMessage];
    controller.abort(new Error('off'));
    await expect(opening).rejects.toThrow('off');
    expect(await closed(request)).toBe(true);
  });

  test('that is rejected is not retried', async () => {
    const opening = clientOf({ address: await refusingAddress() }).stream(journal);
    await expect(opening).rejects.toMatchObject({ code: 'unreachable', retryable: true });
  });

  test.each([
    [401, 'text/plain', 'Unauthorized', 'unauthorized'],
    [404, 'text/html', '<pre>Cannot POST /v2/journal-logs</pre>', 'not-supported'],
    [503, 'application/json', '{"message":"no"}', 'supervisor-error'],
    [502, 'text/plain', 'no legacy', 'supervisor-error'],
    [204, 'text/plain', '', 'unexpected-response'],
  ] as const)('that is answered by %i (%s) has the error of any other call', async (status, type, body, code) => {
    await using served = await serve((_request, response) => {
      response.writeHead(status, { 'Content-Type': type });
      response.end(body);
    });
    await expect(clientOf(served).stream(journal)).rejects.toMatchObject({ code, endpoint: 'POST /v2/journal-logs' });
  });

  test('that is rejected with a long answer is not read to its end', async () => {
    await using served = await serve((_request, response) => {
      response.writeHead(503);
      const pour = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(64 * 1024, ' ')));
      };
      response.on('drain', pour);
      pour();
    });
    await expect(clientOf(served).stream(journal)).rejects.toMatchObject({ code: 'unexpected-response', status: 503 });
  });
});

describe('a stream', () => {
  const address = 'http://127.0.0.1:9';

  test('requires the key like any call', async () => {
    const fetch = answering(200);
    await expect(new SupervisorClient({ address, fetch }).stream(journal)).rejects.toMatchObject({
      code: 'api-key-missing',
    });
    expect(fetch.sent).toEqual([]);
  });

  test('does not wait for writes', async () => {
    const fetch: FetchLike = async (url, init) =>
      url.endsWith('/v1/reboot') ? new Promise(() => {}) : answering(200, 'line')(url, init);
    const client = new SupervisorClient({ address, apiKey, fetch });
    const controller = new AbortController();
    const reboot = client.reboot({ signal: controller.signal }).catch((error: unknown) => error);
    expect(await readAll(await client.stream(journal))).toBe('line');
    controller.abort();
    await reboot;
  });

  test('without a body is empty', async () => {
    const fetch: FetchLike = async () => ({ status: 200, headers: { get: () => null }, body: null });
    const client = new SupervisorClient({ address, apiKey, fetch });
    expect(await readAll(await client.stream({ method: 'GET', path: '/v2/local/logs' }))).toBe('');
  });

  test('gives each of several simultaneous readers a chunk or the end, even over a transport that never ends', async () => {
    const hanging: FetchLike = async () => ({
      status: 200,
      headers: { get: () => null },
      body: { [Symbol.asyncIterator]: () => ({ next: async () => new Promise(() => {}) }) },
    });
    const client = new SupervisorClient({ address, apiKey, fetch: hanging });
    const chunks = (await client.stream(journal))[Symbol.asyncIterator]();
    const waiting = [chunks.next(), chunks.next()];
    await chunks.return?.();
    expect(await Promise.all(waiting)).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
  });

  test('whose transport throws synchronously is unreachable', async () => {
    const throwing: FetchLike = async () => ({
      status: 200,
      headers: { get: () => null },
      body: {
        [Symbol.asyncIterator]: () => ({
          next: () => {
            throw new RangeError(`boom ${apiKey}`);
          },
        }),
      },
    });
    const stream = await new SupervisorClient({ address, apiKey, fetch: throwing }).stream(journal);
    const error: unknown = await stream[Symbol.asyncIterator]()
      .next()
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'unreachable', message: expect.stringContaining('(RangeError)') });
    expect(String(error)).not.toContain(apiKey);
  });

  test('keeps no listener on a signal after it has ended', async () => {
    const { signal } = new AbortController();
    const add = vi.spyOn(signal, 'addEventListener');
    const remove = vi.spyOn(signal, 'removeEventListener');
    const client = new SupervisorClient({ address, apiKey, fetch: answering(200, 'line') });
    await readAll(await client.stream(journal, { signal }));
    expect(remove.mock.calls.length).toBe(add.mock.calls.length);
  });
});

interface Opened {
  request: IncomingMessage;
  response: ServerResponse;
  /** The request, as it was received. */
  said: string;
}

/** A server that sends one line and leaves the rest to the test. */
async function following(): Promise<Served & { open: Promise<Opened> }> {
  const { promise: open, resolve } = deferred<Opened>();
  const listener: RequestListener = (request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      response.write('first\n');
      resolve({ request, response, said: `${request.method} ${request.url} ${request.headers.authorization} ${body}` });
    });
  };
  return { ...(await serve(listener)), open };
}

async function textOf(chunk: Promise<IteratorResult<Uint8Array>>): Promise<string> {
  const { value } = await chunk;
  return new TextDecoder().decode(value as Uint8Array);
}

async function readAll(stream: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += new TextDecoder().decode(chunk);
  return text;
}

async function closed({ socket }: IncomingMessage): Promise<boolean> {
  if (!socket.destroyed) await once(socket, 'close');
  return socket.destroyed;
}
