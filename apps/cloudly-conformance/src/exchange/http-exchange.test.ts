import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { listenOnLoopback } from '@serve.zone/baseos-testing/network/listen-on-loopback';
import { expect, onTestFinished, test } from 'vitest';
import { httpExchange, type WireOutcome, type WireRequest } from './http-exchange.js';

/** A server that treats each connection as it likes. */
async function serve(treat: (socket: Socket) => void): Promise<string> {
  const { port, close } = await listenOnLoopback(createServer(treat));
  onTestFinished(close);
  return `http://127.0.0.1:${port}/`;
}

function post(url: string, timeoutMs: number, more: Partial<WireRequest> = {}): Promise<WireOutcome> {
  return httpExchange({ url, method: 'POST', headers: {}, body: Buffer.from('{}'), ...more }, timeoutMs);
}

const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';

test('an answer has its status, its headers and its JSON', async () => {
  const url = await serve((socket) =>
    socket.end(`${head}X-Twice: a\r\nX-Twice: b\r\nContent-Length: 7\r\n\r\n{"a":1}`),
  );
  expect(await post(url, 5000)).toEqual({
    kind: 'answered',
    answer: {
      status: 200,
      headers: { 'content-type': 'application/json', 'x-twice': 'a, b', 'content-length': '7' },
      byteCount: 7,
      text: '{"a":1}',
      json: { a: 1 },
    },
  });
});

test.each([
  ['never answers', () => undefined],
  ['never ends its headers', (socket: Socket) => socket.write(head)],
  ['never ends its body', (socket: Socket) => socket.write(`${head}Content-Length: 7\r\n\r\n{`)],
])('a server that %s blocks nobody beyond the deadline', async (_what, treat) => {
  const url = await serve((socket) => void treat(socket));
  expect(await post(url, 100)).toEqual({ kind: 'no-answer', reason: 'no answer within 100 ms' });
});

test.each([
  ['hangs up', (socket: Socket) => socket.end(), /^no answer \(ECONNRESET\)$/],
  ['speaks something else', (socket: Socket) => socket.end('220 mail.example ESMTP\r\n'), /^no answer \(HPE_/],
  [
    'is cut off',
    (socket: Socket) => socket.end(`${head}Content-Length: 7\r\n\r\n{`),
    /^an incomplete answer with status 200$/,
  ],
])('a server that %s counts as not answering', async (_what, treat, reason) => {
  const url = await serve((socket) => socket.once('data', () => void treat(socket)));
  expect(await post(url, 5000)).toMatchObject({ kind: 'no-answer', reason: expect.stringMatching(reason) });
});

test('a port where nothing listens is reported', async () => {
  const url = await serve((socket) => socket.destroy());
  const { port } = new URL(url);
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const free = (server.address() as AddressInfo).port;
  server.close();
  await once(server, 'close');
  expect(free).not.toBe(Number(port));
  expect(await post(`http://127.0.0.1:${free}/`, 5000)).toMatchObject({
    kind: 'no-answer',
    reason: 'no answer (ECONNREFUSED)',
    error: { code: 'ECONNREFUSED' },
  });
});

test('one megabyte is read of an endless answer', async () => {
  const url = await serve((socket) => {
    socket.write(`${head}\r\n`);
    const chunk = 'x'.repeat(65_536);
    const pour = (): void => {
      while (socket.write(chunk));
    };
    socket.on('drain', pour);
    pour();
  });
  const outcome = await post(url, 20_000);
  expect(outcome).toMatchObject({ kind: 'answered', answer: { status: 200, json: {} } });
  expect(JSON.stringify(outcome).length).toBeLessThan(2 * 1024 * 1024);
});

test('an answer before the end of the request body counts, and so does the body of a rejection', async () => {
  const url = await serve((socket) =>
    socket.once('data', () => socket.end(`HTTP/1.1 413 Too Large\r\nContent-Length: 12\r\n\r\n{"code":"x"}`)),
  );
  const outcome = await post(url, 5000, { framing: 'withheld', body: Buffer.alloc(1000) });
  expect(outcome).toMatchObject({ answer: { status: 413, json: { code: 'x' } } });
});

test.each([
  ['length', 'content-length: 40000', 0],
  ['chunked', 'transfer-encoding: chunked', 3],
] as const)('a body is sent by %s', async (framing, header, chunkCount) => {
  let received = '';
  const url = await serve((socket) =>
    socket.on('data', (data) => {
      received += data.toString('latin1');
      const isComplete = framing === 'chunked' ? received.endsWith('0\r\n\r\n') : received.endsWith('x'.repeat(40_000));
      if (isComplete) socket.end(`${head}Content-Length: 2\r\n\r\n{}`);
    }),
  );
  expect(await post(url, 5000, { framing, body: Buffer.alloc(40_000, 'x') })).toMatchObject({ kind: 'answered' });
  expect(received.toLowerCase()).toContain(header);
  expect(received.match(/\r\n[\da-f]{4}\r\n/gi) ?? []).toHaveLength(chunkCount);
});

test('a body that is not UTF-8 has no text', async () => {
  const url = await serve((socket) =>
    socket.end(Buffer.concat([Buffer.from(`${head}Content-Length: 1\r\n\r\n`), Buffer.from([0xff])])),
  );
  expect(await post(url, 5000)).toMatchObject({ answer: { text: undefined, json: {}, byteCount: 1 } });
});
