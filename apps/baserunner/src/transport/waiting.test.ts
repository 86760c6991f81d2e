import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { CloudlyConnector } from '@serve.zone/baseos-cloudly-connector';
import { wakeEndpoint } from '@serve.zone/baseos-contracts';
import { listenOnLoopback } from '@serve.zone/baseos-testing/network/listen-on-loopback';
import { expect, onTestFinished, test } from 'vitest';
import { CertificateAuthority } from '../../test/certificate-authority.js';
import { startForwardProxy } from '../../test/forward-proxy.js';
import { createNodeHttpFetch } from './node-http-fetch.js';

const entries = { protocol: 1, cloudlyId: 'cloudly', serverTime: '2026-11-23T16:00:00Z' };
const authority = new CertificateAuthority('Test root');

type Protocol = 'http' | 'https';

/** A Cloudly that holds the requests that wait. A separate server stands in for it. */
async function serveWaiting(protocol: Protocol) {
  const wakes: (() => void)[] = [];
  let left = 0;
  const listener: RequestListener = (request, response) => {
    const answer = (body: object): void =>
      void response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    if (request.url === wakeEndpoint.path) {
      response.on('close', () => (left += response.writableEnded ? 0 : 1));
      wakes.push(() => answer({ ...entries, wake: true }));
      return;
    }
    response.statusCode = 405;
    answer({ ...entries, type: 'about:blank', title: 'x', status: 405, code: 'method-not-allowed' });
  };
  const server = protocol === 'https' ? createTlsServer(authority.issue(), listener) : createServer(listener);
  const { port, sockets, close } = await listenOnLoopback(server);
  onTestFinished(close);
  return { url: `${protocol}://127.0.0.1:${port}`, sockets, wakes, left: () => left };
}

async function startProxy(protocol: Protocol | undefined) {
  if (protocol === undefined) return undefined;
  return startForwardProxy(protocol === 'https' ? { identity: authority.issue() } : {});
}

test.each<[Protocol, Protocol | undefined]>([
  ['http', undefined],
  ['https', undefined],
  ['http', 'http'],
  ['https', 'http'],
  ['http', 'https'],
  ['https', 'https'],
])('a request that waits to be woken by %s, proxy: %s, holds up no other', async (protocol, proxyProtocol) => {
  const { url, sockets, wakes, left } = await serveWaiting(protocol);
  const proxy = await startProxy(proxyProtocol);
  const transport = createNodeHttpFetch({
    idleMs: 30,
    proxyUrl: proxy?.url,
    certificateAuthorities: [authority.cert],
  });
  onTestFinished(() => transport.close());
  const cloudly = new CloudlyConnector({ cloudlyUrl: url, fetch: transport.fetch });

  const waiting = cloudly.wake({ nodeToken: 'token', waitMs: 50_000 });
  await expect.poll(() => wakes.length).toBe(1);
  for (let count = 0; count < 3; count += 1) expect(await cloudly.presence()).toMatchObject({ kind: 'present' });
  // Connections that are kept idle have been closed by now, and the one that waits has not.
  const connections = proxy?.sockets ?? sockets;
  await expect.poll(() => connections.size).toBe(1);
  wakes[0]?.();
  expect(await waiting).toMatchObject({ kind: 'woken' });

  const leaving = new AbortController();
  const abandoned = cloudly.wake({ nodeToken: 'token', waitMs: 50_000, signal: leaving.signal });
  await expect.poll(() => wakes.length).toBe(2);
  leaving.abort();
  expect(await abandoned).toEqual({ kind: 'aborted' });
  // Cloudly learns of it, and can give the place to another node.
  await expect.poll(left).toBe(1);
  expect(await cloudly.presence()).toMatchObject({ kind: 'present' });
});
