import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { freePort } from '@serve.zone/baseos-testing/network/free-port';
import {
  anotherProtocol,
  answerWith,
  captivePortal,
  closeWithinBody,
  endlessBody,
  type Fault,
  gzipBomb,
  hang,
  hangAfterHeaders,
  latin1,
  proxyLogin,
  redirectTo,
  reset,
  resetWithinBody,
  splitCharacter,
  trickle,
} from '@serve.zone/baseos-testing/network/socket-faults';
import {
  heartbeatAnswer,
  heartbeatRequest,
  problemBody,
  registerAccepted,
  registerRequest,
} from '../../test/messages.js';
import { nodeHttpFetch } from '@serve.zone/baseos-testing/network/node-http-fetch';
import { startRawServer } from '@serve.zone/baseos-testing/network/raw-server';
import { CloudlyConnector } from '../cloudly-connector.js';
import type { FetchLike } from './fetch-like.js';

const TIMEOUT_MS = 100;

/** A connector whose deadline no test reaches that does not mean to. */
function connect(cloudlyUrl: string, fetch?: FetchLike, timeoutMs = 15_000): CloudlyConnector {
  return new CloudlyConnector({ cloudlyUrl, timeoutMs, ...(fetch && { fetch }) });
}

const nodeToken = 'a-node-token';

const transports: [string, FetchLike | undefined][] = [
  ['ky, the default', undefined],
  ["the platform's fetch", globalThis.fetch],
  ['node:http', nodeHttpFetch],
];

describe.each(transports)('an exchange over %s', (_name, fetch) => {
  test('returns the answer', async () => {
    const server = await startRawServer(answerWith('200 OK', {}, JSON.stringify(heartbeatAnswer)));
    const outcome = await connect(server.url, fetch).heartbeat(heartbeatRequest, { nodeToken });
    expect(outcome).toEqual({ kind: 'accepted', answer: heartbeatAnswer });
  });

  test('returns an answer whose characters arrive in pieces', async () => {
    const server = await startRawServer(splitCharacter(registerAccepted));
    expect(await connect(server.url, fetch).register(registerRequest)).toMatchObject({ kind: 'accepted' });
  });

  test('returns a problem with its Retry-After', async () => {
    const body = problemBody({ code: 'rate-limited' });
    const server = await startRawServer(answerWith('429 Too Many Requests', { 'Retry-After': '5' }, body));
    expect(await connect(server.url, fetch).register(registerRequest)).toMatchObject({
      kind: 'rate-limited',
      retryAfterMs: 5000,
    });
  });

  test.each<[string, Fault]>([
    ['there is no answer', hang],
    ['the body does not arrive', hangAfterHeaders],
    ['the body trickles', trickle],
  ])('ends at its deadline when %s, and closes the connection', async (_case, fault) => {
    const server = await startRawServer(fault);
    const outcome = await connect(server.url, fetch, TIMEOUT_MS).heartbeat(heartbeatRequest, { nodeToken });
    expect(outcome).toEqual({ kind: 'timeout', timeoutMs: TIMEOUT_MS });
    await server.everyConnectionClosed();
  });

  test('ends at its deadline during a TLS handshake', async () => {
    const server = await startRawServer(hang);
    const outcome = connect(server.url.replace('http:', 'https:'), fetch, TIMEOUT_MS).register(registerRequest);
    expect(await outcome).toEqual({ kind: 'timeout', timeoutMs: TIMEOUT_MS });
  });

  test.each<[string, Fault, string]>([
    ['the body is longer than permitted', endlessBody, 'more than 262144 bytes'],
    ['a gzip bomb', gzipBomb, 'Content-Encoding'],
    ['text that is not UTF-8', latin1, 'UTF-8'],
    ['a page of a captive portal', captivePortal, 'HTML page'],
  ])('does not take %s for an answer of Cloudly', async (_case, fault, words) => {
    const server = await startRawServer(fault);
    expect(await connect(server.url, fetch).heartbeat(heartbeatRequest, { nodeToken, legacy: true })).toMatchObject({
      kind: 'not-cloudly',
      reason: expect.stringContaining(words) as string,
    });
  });

  test.each<[string, Fault]>([
    ['a body that is too long', endlessBody],
    ['an unread body', answerWith('200 OK', { 'Content-Encoding': 'gzip', 'Content-Length': '1000' }, 'half')],
    ['a redirect with a body', answerWith('302 Found', { Location: '/', 'Content-Length': '1000' }, 'half')],
  ])('leaves no connection open after %s', async (_case, fault) => {
    const server = await startRawServer(fault);
    expect(await connect(server.url, fetch).register(registerRequest)).toMatchObject({ kind: 'not-cloudly' });
    await server.everyConnectionClosed();
  });

  test('does not take a proxy’s login page for a verdict', async () => {
    const server = await startRawServer(proxyLogin);
    const { kind } = await connect(server.url, fetch).heartbeat(heartbeatRequest, { nodeToken, legacy: true });
    // The fetch of Node makes a network error of a 407.
    expect(kind).toBe(fetch === nodeHttpFetch ? 'not-cloudly' : 'unreachable');
  });

  test('follows no redirect, and reports its origin only', async () => {
    const elsewhere = await startRawServer(answerWith('200 OK', {}, JSON.stringify(registerAccepted)));
    const server = await startRawServer(redirectTo(`${elsewhere.url}/login?session=hidden`));
    expect(await connect(server.url, fetch).register(registerRequest, { joinToken: 'a-join-token' })).toEqual({
      kind: 'not-cloudly',
      status: 307,
      reason: `a redirect to ${elsewhere.url}, which is not followed`,
    });
    expect(elsewhere.connectionCount()).toBe(0);
  });

  test.each<[string, Fault, string | RegExp]>([
    ['is reset', reset, 'ECONNRESET'],
    ['is reset within the body', resetWithinBody, 'ECONNRESET'],
    ['is closed within the body', closeWithinBody, /^(ECONNRESET|UND_ERR_SOCKET)$/],
    ['leads to another kind of server', anotherProtocol, /^(HPE_\w+|connection failed)$/],
  ])('reports unreachable if the connection %s', async (_case, fault, reason) => {
    const server = await startRawServer(fault);
    expect(await connect(server.url, fetch).register(registerRequest)).toEqual({
      kind: 'unreachable',
      reason: expect.stringMatching(reason) as string,
      message: expect.stringContaining(server.url) as string,
    });
  });

  test('reports unreachable if nothing listens', async () => {
    const port = await freePort();
    expect(await connect(`http://127.0.0.1:${port}/base`, fetch).register(registerRequest)).toEqual({
      kind: 'unreachable',
      reason: 'ECONNREFUSED',
      message: `No answer came from http://127.0.0.1:${port}: nothing accepts connections there (ECONNREFUSED)`,
    });
  });

  test('ends when the caller aborts, and closes the connection', async () => {
    const caller = new AbortController();
    const server = await startRawServer(() => caller.abort());
    const outcome = connect(server.url, fetch).heartbeat(heartbeatRequest, { nodeToken, signal: caller.signal });
    expect(await outcome).toEqual({ kind: 'aborted' });
    await server.everyConnectionClosed();
  });

  test('does not begin if the caller has already aborted', async () => {
    const server = await startRawServer(hang);
    const outcome = connect(server.url, fetch).register(registerRequest, { signal: AbortSignal.abort() });
    expect(await outcome).toEqual({ kind: 'aborted' });
    expect(server.connectionCount()).toBe(0);
  });
});

describe('an exchange', () => {
  test('ends at its deadline over a transport that ignores its signal, and discards a late body', async () => {
    let answerLate: (response: Awaited<ReturnType<FetchLike>>) => void = () => {};
    const deaf: FetchLike = async () =>
      new Promise((resolve) => {
        answerLate = resolve;
      });
    expect(await connect('http://cloudly.test', deaf, 1).register(registerRequest)).toEqual({
      kind: 'timeout',
      timeoutMs: 1,
    });

    const letGo = new Promise<void>((resolve) => {
      const body = (async function* lateBody() {
        try {
          for (;;) yield new Uint8Array(1);
        } finally {
          resolve();
        }
      })();
      answerLate({ status: 200, headers: new Headers(), body });
    });
    await letGo;
  });

  test("leaves no listener on the caller's signal", async () => {
    const { signal } = new AbortController();
    const fetch: FetchLike = async () => Promise.reject(new Error('no network'));
    await connect('http://cloudly.test', fetch).register(registerRequest, { signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('has an outcome for any status, headers and bytes, and for a transport that throws anything', async () => {
    const header = fc.option(fc.string());
    const headers = fc.record({
      'content-encoding': fc.option(fc.constantFrom('identity', 'gzip', '')),
      'content-type': header,
      'retry-after': header,
      date: header,
      location: fc.oneof(header, fc.webUrl()),
    });
    const answers = fc.record({
      status: fc.oneof(fc.integer({ min: 100, max: 599 }), fc.integer()),
      headers,
      chunks: fc.array(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => new TextEncoder().encode(text)),
        ),
      ),
    });
    const behaviours: fc.Arbitrary<FetchLike> = fc.oneof(
      answers.map(({ status, headers: fields, chunks }): FetchLike => async () => ({
        status,
        headers: { get: (name) => fields[name as keyof typeof fields] ?? null },
        body: (async function* body() {
          yield* chunks;
        })(),
      })),
      fc.anything().map((thrown): FetchLike => () => {
        throw thrown;
      }),
      fc.anything().map((resolved) => (async () => resolved) as unknown as FetchLike),
    );
    await fc.assert(
      fc.asyncProperty(behaviours, fc.boolean(), async (fetch, legacy) => {
        const connector = connect('http://cloudly.test', fetch);
        const outcomes = [
          await connector.register(registerRequest, { joinToken: 'a-join-token' }),
          await connector.heartbeat(heartbeatRequest, { nodeToken, legacy }),
        ];
        expect(outcomes.map(({ kind }) => kind)).not.toContain('timeout');
      }),
    );
  });
});
