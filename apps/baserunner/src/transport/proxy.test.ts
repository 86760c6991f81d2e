import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { listenOnLoopback } from '@serve.zone/baseos-testing/network/listen-on-loopback';
import { CloudlyConnector } from '@serve.zone/baseos-cloudly-connector';
import registerRequest from '@serve.zone/baseos-contracts/examples/register-request.json' with { type: 'json' };
import { describe, expect, onTestFinished, test } from 'vitest';
import { CertificateAuthority } from '../../test/certificate-authority.js';
import { startForwardProxy } from '../../test/forward-proxy.js';
import { createNodeHttpFetch, type NodeHttpFetchOptions } from './node-http-fetch.js';

const authority = new CertificateAuthority('Test root');
const trusted = [authority.cert];

/** Reports each request and its sender. A separate server stands in for Cloudly. */
async function serve(protocol: 'http' | 'https', identity = authority.issue()) {
  const server = protocol === 'https' ? createTlsServer(identity) : createServer();
  const asked: { path: string | undefined; host: string | undefined; proxyHeaders: string[] }[] = [];
  server.on('request', (request, response) => {
    const proxyHeaders = Object.keys(request.headers).filter((name) => name.startsWith('proxy-'));
    asked.push({ path: request.url, host: request.headers.host, proxyHeaders });
    response.end('hello');
  });
  const { port, close } = await listenOnLoopback(server);
  onTestFinished(close);
  return { url: `${protocol}://127.0.0.1:${port}`, host: `127.0.0.1:${port}`, asked };
}

function open(options: NodeHttpFetchOptions) {
  const transport = createNodeHttpFetch({ certificateAuthorities: trusted, ...options });
  onTestFinished(() => transport.close());
  return transport;
}

async function read(transport: ReturnType<typeof open>, url: string, signal = new AbortController().signal) {
  const answer = await transport.fetch(url, { method: 'GET', headers: {}, redirect: 'manual', signal });
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer.body ?? []) chunks.push(chunk);
  return `${answer.status} ${Buffer.concat(chunks).toString()}`;
}

/** How a call to Cloudly ends. */
async function register(cloudlyUrl: string, options: NodeHttpFetchOptions, timeoutMs = 15_000) {
  return new CloudlyConnector({ cloudlyUrl, timeoutMs, fetch: open(options).fetch }).register(registerRequest as never);
}

function withCredentials(url: string, credentials: string): string {
  return url.replace('://', `://${credentials}@`);
}

describe.each(['http', 'https'] as const)('a proxy that speaks %s', (proxyProtocol) => {
  const identity = proxyProtocol === 'https' ? { identity: authority.issue() } : {};

  test('is asked for a tunnel to an https server, and cannot read what passes through', async () => {
    const server = await serve('https');
    const proxy = await startForwardProxy(identity);
    expect(await read(open({ proxyUrl: proxy.url }), `${server.url}/path?query`)).toBe('200 hello');
    expect(proxy.requests.map(({ line }) => line)).toEqual([`CONNECT ${server.host}`]);
    expect(server.asked).toEqual([{ path: '/path?query', host: server.host, proxyHeaders: [] }]);
  });

  test('gets the complete URL of an http server', async () => {
    const server = await serve('http');
    const proxy = await startForwardProxy(identity);
    expect(await read(open({ proxyUrl: proxy.url }), `${server.url}/path?query`)).toBe('200 hello');
    expect(proxy.requests[0]?.line).toBe(`GET ${server.url}/path?query`);
    expect(proxy.requests[0]?.headers.host).toBe(server.host);
  });

  test.each(['http', 'https'] as const)(
    'gets its user name and password, and the %s server does not',
    async (protocol) => {
      const server = await serve(protocol);
      const proxy = await startForwardProxy({ ...identity, credentials: 'device:pass w%rd' });
      const proxyUrl = withCredentials(proxy.url, 'device:pass%20w%25rd');
      expect(await read(open({ proxyUrl }), server.url)).toBe('200 hello');
      expect(server.asked[0]?.proxyHeaders).toEqual([]);
    },
  );

  test.each(['http', 'https'] as const)('that rejects %s is named, with what to do', async (protocol) => {
    const server = await serve(protocol);
    const proxy = await startForwardProxy({ ...identity, credentials: 'device:secret' });
    const nobody = await register(server.url, { proxyUrl: proxy.url });
    expect(nobody).toMatchObject({
      kind: 'unreachable',
      reason: 'proxy refused',
      message: `No answer came from ${server.url}: at the proxy ${proxy.url}, it requires a user name and password (HTTP 407) (proxy refused)`,
      remedy: expect.stringContaining('HTTPS_PROXY') as string,
    });
    const stranger = await register(server.url, { proxyUrl: withCredentials(proxy.url, 'device:canary') });
    expect(stranger).toMatchObject({
      reason: 'proxy refused',
      message: expect.stringContaining('it rejected the user name and password') as string,
    });
    expect(JSON.stringify([nobody, stranger])).not.toMatch(/canary|device/);
    expect(server.asked).toEqual([]);
  });

  test('that cannot reach the server says so on a page, which is not an answer of Cloudly', async () => {
    const proxy = await startForwardProxy(identity);
    expect(await register('https://127.0.0.1:1', { proxyUrl: proxy.url })).toMatchObject({
      reason: 'proxy refused',
      message: expect.stringContaining('it refused to connect to Cloudly (HTTP 502)') as string,
    });
    expect(await register('http://127.0.0.1:1', { proxyUrl: proxy.url })).toMatchObject({
      kind: 'not-cloudly',
      reason: expect.stringContaining('HTML page with status 502') as string,
    });
  });
});

describe('a proxy', () => {
  test.each(['http', 'https'])('that is not there is distinguished from a missing %s server', async (protocol) => {
    const proxy = await startForwardProxy();
    await proxy.close();
    expect(await register(`${protocol}://cloudly.invalid`, { proxyUrl: proxy.url })).toMatchObject({
      kind: 'unreachable',
      reason: 'ECONNREFUSED',
      message: `No answer came from ${protocol}://cloudly.invalid: at the proxy ${proxy.url}, nothing accepts connections there (ECONNREFUSED)`,
      remedy: expect.stringContaining('check HTTPS_PROXY or HTTP_PROXY') as string,
    });
  });

  test('that cannot be resolved is named', async () => {
    const outcome = await register('https://127.0.0.1:1', { proxyUrl: 'http://user:canary@proxy.invalid:3128' });
    expect(outcome).toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('at the proxy http://proxy.invalid:3128, its host name') as string,
      remedy: expect.stringContaining('check HTTPS_PROXY or HTTP_PROXY') as string,
    });
    expect(JSON.stringify(outcome)).not.toContain('canary');
  });

  test('whose certificate is not trusted is distinguished from a server with an untrusted certificate', async () => {
    const proxy = await startForwardProxy({ identity: new CertificateAuthority('Foreign root').issue() });
    expect(await register('https://127.0.0.1:1', { proxyUrl: proxy.url })).toMatchObject({
      message: expect.stringMatching(/at the proxy https:.* issued by "CN=Foreign root"/) as string,
    });
  });

  test.each<[string, (socket: { write(text: string): unknown; end(text: string): unknown }) => unknown, object]>([
    ['never answers', () => undefined, { kind: 'timeout' }],
    ['answers with half a header', (socket) => socket.write('HTTP/1.1 200 Conn'), { kind: 'timeout' }],
    ['opens a tunnel that leads nowhere', (socket) => socket.write('HTTP/1.1 200 OK\r\n\r\n'), { kind: 'timeout' }],
    ['hangs up', (socket) => socket.end(''), { kind: 'unreachable', reason: 'ECONNRESET' }],
    [
      'speaks another protocol',
      (socket) => socket.end('SSH-2.0-OpenSSH_10.0\r\n'),
      { kind: 'unreachable', reason: expect.stringMatching(/^HPE_/) as string },
    ],
    [
      'sends an endless header',
      (socket) => socket.write(`HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(100_000)}`),
      { kind: 'unreachable', reason: 'HPE_HEADER_OVERFLOW' },
    ],
    [
      'sends endless 1xx answers',
      (socket) => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(1000)),
      { kind: 'unreachable', reason: 'proxy refused' },
    ],
  ])('that %s ends the call within its deadline, and leaves no connection', async (_what, onConnect, outcome) => {
    const proxy = await startForwardProxy({ onConnect: (socket) => void onConnect(socket) });
    expect(await register('https://127.0.0.1:1', { proxyUrl: proxy.url }, 300)).toMatchObject(outcome);
    await expect.poll(() => proxy.sockets.size).toBe(0);
  });

  test('has no connection left if the transport is closed in the middle of a call', async () => {
    const proxy = await startForwardProxy({ onConnect: () => undefined });
    const transport = open({ proxyUrl: proxy.url });
    const pending = read(transport, 'https://127.0.0.1:1');
    await expect.poll(() => proxy.requests.length).toBe(1);
    transport.close();
    await expect(pending).rejects.toThrow('closed');
    await expect.poll(() => proxy.sockets.size).toBe(0);
  });

  test('is asked for an IPv6 address in brackets', async () => {
    const proxy = await startForwardProxy({ onConnect: (socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n') });
    await register('https://[::1]', { proxyUrl: proxy.url });
    expect(proxy.requests[0]).toMatchObject({ line: 'CONNECT [::1]:443', headers: { host: '[::1]:443' } });
  });
});

describe('an https proxy with its own name', () => {
  const named = (proxyUrl: string): string => proxyUrl.replace('127.0.0.1', 'localhost');
  const hosts = { 'cloudly.example': '127.0.0.1' };
  const ofProxy = { identity: authority.issue({ names: ['localhost'] }) };

  test.each(['http', 'https'] as const)(
    'must present its own certificate, and a named %s server the one for that name',
    async (protocol) => {
      const { url, asked } = await serve(protocol, authority.issue({ names: ['cloudly.example'] }));
      const proxy = await startForwardProxy({ ...ofProxy, hosts });
      const target = url.replace('127.0.0.1', 'cloudly.example');
      expect(await read(open({ proxyUrl: named(proxy.url) }), `${target}/path`)).toBe('200 hello');
      expect(proxy.serverNames).toEqual(['localhost']);
      expect(asked.map(({ host }) => host)).toEqual([new URL(target).host]);
    },
  );

  test('addressed by IP gets no server name, because IP addresses have none', async () => {
    const server = await serve('https');
    const proxy = await startForwardProxy({ identity: authority.issue() });
    expect(await read(open({ proxyUrl: proxy.url }), server.url)).toBe('200 hello');
    expect(proxy.serverNames).toEqual([false]);
  });

  test.each(['http', 'https'] as const)(
    'that presents the certificate of the %s server is not trusted',
    async (protocol) => {
      const proxy = await startForwardProxy({ identity: authority.issue({ names: ['cloudly.example'] }), hosts });
      expect(await register(`${protocol}://cloudly.example`, { proxyUrl: named(proxy.url) })).toMatchObject({
        reason: 'ERR_TLS_CERT_ALTNAME_INVALID',
        message: expect.stringContaining(
          `at the proxy ${named(proxy.url)}, its certificate was issued for cloudly.example, not for localhost`,
        ) as string,
        remedy: expect.stringContaining('HTTPS_PROXY or HTTP_PROXY') as string,
      });
      expect(proxy.requests).toEqual([]);
    },
  );

  test('leads to a server that presents the proxy’s certificate, which is not trusted', async () => {
    const { url } = await serve('https', ofProxy.identity);
    const proxy = await startForwardProxy({ ...ofProxy, hosts });
    const outcome = await register(url.replace('127.0.0.1', 'cloudly.example'), { proxyUrl: named(proxy.url) });
    expect(outcome).toMatchObject({
      reason: 'ERR_TLS_CERT_ALTNAME_INVALID',
      message: expect.stringContaining(': its certificate was issued for localhost, not for cloudly.example') as string,
      remedy: expect.stringContaining('BASEOS_CLOUDLY_URL') as string,
    });
  });
});
