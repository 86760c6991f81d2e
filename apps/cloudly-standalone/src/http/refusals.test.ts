import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect as connectSecurely } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isSkipped, makeCertificate, unlessInstalled } from '@serve.zone/baseos-testing/network/certificate';
import { temporaryFolder } from '@serve.zone/baseos-testing/files/temporary-folder';
import { type HttpServerOptions, startHttpServer } from './http-server.js';
import type { Refusal } from './refusals.js';
import { readTlsCredentials } from '../tls/tls-credentials.js';

interface Place {
  port: number;
  refusals: Refusal[];
  /** What the app was asked for. */
  seen: string[];
  /** What a separate client gets that sends only this. */
  say: (bytes: string) => Promise<string>;
  open: () => Promise<Socket>;
}

async function listen(isSecure: boolean, options: Partial<HttpServerOptions> = {}): Promise<Place> {
  const refusals: Refusal[] = [];
  const seen: string[] = [];
  const server = await startHttpServer({
    fetch: async (request) => {
      seen.push(`${request.method} ${new URL(request.url).pathname}`);
      return new Response(`got ${await request.text()}`);
    },
    host: '127.0.0.1',
    port: 0,
    tls: isSecure ? readTlsCredentials(makeCertificate(temporaryFolder())) : undefined,
    onRefusal: (refusal) => refusals.push(refusal),
    headersTimeoutMs: 500,
    ...options,
  });
  onTestFinished(() => server.close());
  const port = Number(new URL(server.url).port);
  const open = async (): Promise<Socket> => {
    const socket = isSecure
      ? connectSecurely({ port, host: '127.0.0.1', rejectUnauthorized: false })
      : connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, isSecure ? 'secureConnect' : 'connect');
    return socket;
  };
  const say = async (bytes: string): Promise<string> => {
    const socket = await open();
    socket.write(bytes);
    return text(socket);
  };
  return { port, refusals, seen, open, say };
}

const refused: readonly (readonly [what: string, bytes: string, Pick<Refusal, 'reason' | 'status'>])[] = [
  ['what is not HTTP', 'nothing of the kind\r\n\r\n', { reason: 'malformed', status: 400 }],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', { reason: 'malformed', status: 400 }],
  ['an unknown method', 'BREW / HTTP/1.1\r\nHost: a\r\n\r\n', { reason: 'malformed', status: 400 }],
  [
    'endless headers',
    `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}`,
    { reason: 'headers-too-large', status: 431 },
  ],
  ['an endless target', `GET /${'x'.repeat(20_000)}`, { reason: 'headers-too-large', status: 431 }],
  ['no host in HTTP/1.1', 'GET / HTTP/1.1\r\n\r\n', { reason: 'host', status: 400 }],
  ['two hosts', 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', { reason: 'host', status: 400 }],
  ['two hosts in HTTP/1.0', 'GET / HTTP/1.0\r\nHost: a\r\nhost: a\r\n\r\n', { reason: 'host', status: 400 }],
  ['an invalid host', 'GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n', { reason: 'target', status: 400 }],
  ['an invalid target', 'GET /\\ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', { reason: 'target', status: 400 }],
  [
    'another expectation',
    'GET / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\nConnection: close\r\n\r\n',
    { reason: 'expectation', status: 417 },
  ],
  ['a tunnel', 'CONNECT b:443 HTTP/1.1\r\nHost: b\r\n\r\n', { reason: 'tunnel', status: 501 }],
  ['half a header', 'GET / HTTP/1.1\r\nHost', { reason: 'too-slow', status: 408 }],
  [
    'both framings',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n',
    { reason: 'malformed', status: 400 },
  ],
];

describe.each([
  ['without TLS', false],
  [`with TLS${unlessInstalled}`, true],
])('%s', (_where, isSecure) => {
  describe.skipIf(isSecure && isSkipped)('a listener', () => {
    test.each(refused)('rejects %s, and reports it', async (_what, bytes, expected) => {
      const { say, refusals } = await listen(isSecure);
      expect(await say(bytes)).toMatch(new RegExp(`^HTTP/1\\.1 ${expected.status} .*\\r\\n`));
      expect(refusals).toEqual([expect.objectContaining({ ...expected, address: '127.0.0.1' })]);
    });

    test('accepts one request after another, and then reports the one that it rejects', async () => {
      const { say, refusals, seen } = await listen(isSecure);
      const answers = await say(
        'GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\nGET /c HTTP/1.1\r\n\r\n',
      );
      expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 400']);
      expect(seen).toEqual(['GET /a', 'GET /b']);
      expect(refusals).toEqual([expect.objectContaining({ reason: 'host' })]);
    });

    test.each(['GET', 'HEAD', 'OPTIONS'])(
      'answers %s of HTTP/1.0 without a host, which load balancers send',
      async (method) => {
        const { say, refusals, seen } = await listen(isSecure);
        expect(await say(`${method} /readyz HTTP/1.0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
        expect(seen).toEqual([`${method} /readyz`]);
        expect(refusals).toEqual([]);
      },
    );

    test('reports a body that does not arrive, whatever was announced', async () => {
      const { say, refusals } = await listen(isSecure, { requestTimeoutMs: 600 });
      const answer = await say('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nab');
      expect(answer).toMatch(/^HTTP\/1\.1 408 /);
      expect(refusals).toEqual([expect.objectContaining({ reason: 'too-slow', status: 408 })]);
    });

    test('does not report clients that connect and leave', async () => {
      const { open, say, refusals } = await listen(isSecure);
      const [one, another] = [await open(), await open()];
      one.destroy();
      another.end();
      await say('GET / HTTP/1.0\r\n\r\n');
      expect(refusals).toEqual([]);
    });
  });
});

describe.skipIf(isSkipped)(`a listener with TLS${unlessInstalled}`, () => {
  test('reports a client that does not use TLS', async () => {
    const { port, refusals } = await listen(true);
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(socket, 'close');
    expect(refusals).toEqual([
      { reason: 'tls', status: undefined, address: '127.0.0.1', code: 'ERR_SSL_HTTP_REQUEST' },
    ]);
  });

  test('reports a client that does not trust its certificate, in OpenSSL’s words', async () => {
    const refusals = new EventEmitter();
    const told = once(refusals, 'refusal');
    const { port } = await listen(true, { onRefusal: (refusal) => refusals.emit('refusal', refusal) });
    const client = spawn('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, '-verify_return_error'], {
      stdio: 'ignore',
    });
    await once(client, 'exit');
    expect(await told).toEqual([
      expect.objectContaining({ reason: 'tls', address: '127.0.0.1', code: expect.stringMatching(/_ALERT_/) }),
    ]);
  });
});
