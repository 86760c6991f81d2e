import { createServer } from 'node:net';
import { listenOnLoopback } from '@serve.zone/baseos-testing/network/listen-on-loopback';
import { isSupervisorError, SupervisorClient } from '@serve.zone/balena-supervisor-client';
import { CloudlyConnector } from '@serve.zone/baseos-cloudly-connector';
import heartbeatRequest from '@serve.zone/baseos-contracts/examples/heartbeat-request.json' with { type: 'json' };
import registerRequest from '@serve.zone/baseos-contracts/examples/register-request.json' with { type: 'json' };
import { howMany } from '@serve.zone/baseos-testing/chance/how-many';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createNodeHttpFetch } from '../src/transport/node-http-fetch.js';

/** What the server says to every request, before it hangs up. */
let answer: Uint8Array = new Uint8Array();
let url = '';

beforeAll(async () => {
  const server = createServer((socket) => void socket.once('data', () => socket.end(answer)));
  const { port, close } = await listenOnLoopback(server);
  url = `http://127.0.0.1:${port}`;
  return close;
});

function text(value: string): Uint8Array {
  return Buffer.from(value, 'latin1');
}

function concat(pieces: Uint8Array[]): Uint8Array {
  return Buffer.concat(pieces);
}

const header = fc.oneof(
  fc.constantFrom(
    'Content-Type: application/json',
    'Content-Length: 0',
    'Content-Length: 5',
    'Content-Length: -1',
    'Content-Length: 99999999999999999999',
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: gzip, chunked',
    'Content-Encoding: gzip',
    'Location: http://[',
    'Location: //elsewhere.example/',
    'Retry-After: -1',
    'Retry-After: Fri, 99 Foo 0000 99:99:99 GMT',
    'Date: now',
    'Connection: upgrade',
    'Upgrade: h2c',
  ),
  fc.string({ unit: 'binary-ascii', maxLength: 60 }),
);
const body = fc.oneof(
  fc.uint8Array({ maxLength: 400 }),
  fc.json().map(text),
  fc.constantFrom('5\r\n{"a":\r\n0\r\n\r\n', 'ffffffffffffffff\r\n', '-1\r\n', '0\r\n\r\n').map(text),
);
const status = fc.oneof(
  fc.integer({ min: 0, max: 999 }).map((code) => `HTTP/1.1 ${code} Word`),
  fc.constantFrom('HTTP/1.0 200 OK', 'HTTP/9.9 200', 'HTTP/1.1 200', 'ICY 200 OK', 'HTTP/1.1 1e2 OK', ''),
);
const httpLike = fc
  .tuple(status, fc.array(header, { maxLength: 5 }), body)
  .map(([line, headers, bytes]) => concat([text(`${[line, ...headers].join('\r\n')}\r\n\r\n`), bytes]));
const anyBytes = fc.oneof(fc.uint8Array({ maxLength: 2000 }), httpLike, fc.tuple(httpLike, httpLike).map(concat));

const toCloudly = createNodeHttpFetch({ isRepeatable: () => true });
const toSupervisor = createNodeHttpFetch();
afterAll(() => {
  toCloudly.close();
  toSupervisor.close();
});

/** Longer than any of these takes: an exchange that lasts this long was not ended by its answer. */
const timeoutMs = 15_000;

test('any bytes in place of an answer of Cloudly are no verdict, and nothing rejects', async () => {
  const connector = new CloudlyConnector({ cloudlyUrl: url, timeoutMs, fetch: toCloudly.fetch });
  const noVerdicts = ['unreachable', 'not-cloudly', 'unavailable', 'rate-limited'];
  await fc.assert(
    fc.asyncProperty(anyBytes, async (bytes) => {
      answer = bytes;
      const registered = await connector.register(registerRequest as never, { joinToken: 'join-token' });
      const beaten = await connector.heartbeat(heartbeatRequest as never, { nodeToken: 'node-token' });
      for (const outcome of [registered, beaten]) {
        expect(noVerdicts).toContain(outcome.kind);
        expect(JSON.stringify(outcome).length).toBeLessThan(2000);
      }
    }),
    { numRuns: howMany(60, 300) },
  );
});

test('any bytes in place of an answer of the Supervisor are an error of its client, or a usable answer', async () => {
  const address = url;
  const client = new SupervisorClient({ address, apiKey: 'key', fetch: toSupervisor.fetch, retry: false });
  const reads = [async () => client.ping(), async () => client.version(), async () => client.device()];
  await fc.assert(
    fc.asyncProperty(anyBytes, async (bytes) => {
      answer = bytes;
      for (const read of reads) {
        const error: unknown = await read().then(
          () => undefined,
          (reason: unknown) => reason,
        );
        expect(error === undefined || isSupervisorError(error)).toBe(true);
        expect(isSupervisorError(error) && error.code).not.toBe('timeout');
      }
    }),
    { numRuns: howMany(40, 200) },
  );
});
