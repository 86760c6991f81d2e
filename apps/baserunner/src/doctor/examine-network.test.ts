import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage, RequestListener } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROBLEM_MEDIA_TYPE, problemDocument } from '@serve.zone/baseos-contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CertificateAuthority, selfSigned } from '../../test/certificate-authority.js';
import { startForwardProxy } from '../../test/forward-proxy.js';
import { closedPort, serveHttp, serveSilently } from '../../test/loopback-server.js';
import { examine, type ExamineOptions } from './examine.js';
import type { CheckName, Finding } from './finding.js';

const dayMs = 86_400_000;
const authority = new CertificateAuthority('Example root');
const lasting = { validToMs: Date.now() + 90 * dayMs };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'baserunner-doctor-'));
  mkdirSync(join(folder, 'state'), { mode: 0o700 });
});
afterEach(() => rmSync(folder, { recursive: true }));

const networkChecks: readonly CheckName[] = ['name lookup', 'connection', 'TLS', 'Cloudly', 'clock'];

async function findings(
  cloudlyUrl: string,
  env: Record<string, string> = {},
  options: ExamineOptions = {},
): Promise<Record<string, Finding>> {
  const report = await examine(
    {
      BASEOS_CLOUDLY_URL: cloudlyUrl,
      BASEOS_CA_PEM: authority.cert,
      BASEOS_STATE_PATH: join(folder, 'state', 'state.json'),
      BASEOS_RUN_PATH: join(folder, 'run'),
      ...env,
    },
    options,
  );
  expect(report.durationMs).toBeLessThan(15_000);
  return Object.fromEntries(report.checks.map((finding) => [finding.check, finding]));
}

function verdicts(found: Record<string, Finding>): string {
  return networkChecks.map((check) => found[check]?.verdict ?? '-').join(' ');
}

/** Answers that it accepts only POST, as every Cloudly does, and records its requests. */
function cloudly({ requests = [] as IncomingMessage[], aheadMs = 0, cloudlyId = 'cloudly-1' } = {}): RequestListener {
  return (request, response) => {
    requests.push(request);
    const serverTime = new Date(Date.now() + aheadMs).toISOString();
    response.writeHead(405, { 'content-type': PROBLEM_MEDIA_TYPE, allow: 'POST' });
    response.end(JSON.stringify(problemDocument({ code: 'method-not-allowed' }, { cloudlyId, serverTime })));
  };
}

describe('the connection to Cloudly', () => {
  test('passes if a Cloudly answers, with the issuer and the expiry of its certificate, and sends no token', async () => {
    const requests: IncomingMessage[] = [];
    const found = await findings(await serveHttp(cloudly({ requests }), authority.issue(lasting)), {
      BASEOS_JOIN_TOKEN: 'canary-token',
    });
    expect(verdicts(found)).toBe('skip pass pass pass pass');
    expect(found['TLS']?.message).toContain('issued by "CN=Example root"');
    expect(found['TLS']?.facts).toMatchObject({ validTo: expect.stringMatching(/^\d{4}-/) as string });
    expect(found['Cloudly']?.facts).toEqual({ cloudlyId: 'cloudly-1' });
    expect(requests.map(({ method, headers }) => [method, headers.authorization])).toEqual([['GET', undefined]]);
  });

  test('warns of a certificate that expires within two weeks', async () => {
    const found = await findings(await serveHttp(cloudly(), authority.issue({ validToMs: Date.now() + 3 * dayMs })));
    expect(verdicts(found)).toBe('skip pass warn pass pass');
  });

  test.each([
    ['no DNS server answers', 'EAI_AGAIN', 'no DNS server answers'],
    ['the name does not exist', 'ENOTFOUND', 'does not exist'],
  ])('fails where %s', async (_what, code, words) => {
    const lookup = async () => Promise.reject(Object.assign(new Error(code), { code }));
    const found = await findings('https://cloudly.example', {}, { lookup });
    expect(verdicts(found)).toBe('fail skip skip skip pass');
    expect(found['name lookup']?.message).toContain(words);
    expect(found['name lookup']?.remedy).toContain('BASEOS_CLOUDLY_URL');
  });

  test('fails at a DNS lookup that hangs, in time', async () => {
    const found = await findings('https://cloudly.example', {}, { lookup: async () => new Promise(() => undefined) });
    expect(verdicts(found)).toBe('fail skip skip skip pass');
    expect(found['name lookup']?.message).toContain('within 3 s');
  });

  test('fails at a closed port', async () => {
    const found = await findings(await closedPort());
    expect(verdicts(found)).toBe('skip fail skip skip pass');
    expect(found['connection']?.message).toContain('ECONNREFUSED');
  });

  test('fails at a server that accepts the connection and stays silent, in time', async () => {
    const found = await findings(await serveSilently());
    expect(verdicts(found)).toBe('skip pass fail skip pass');
    expect(found['TLS']?.message).toContain('does not answer the TLS handshake');
  });

  test('fails at a server that does not speak TLS', async () => {
    const url = (await serveHttp(cloudly())).replace('http:', 'https:');
    const found = await findings(url);
    expect(verdicts(found)).toBe('skip pass fail skip pass');
    expect(found['TLS']?.message).toContain('does not speak TLS');
  });

  test.each([
    ['is self-signed', () => selfSigned('portal'), /self-signed/, /BASEOS_CA_FILE/],
    [
      'is from an unknown authority',
      () => new CertificateAuthority('Middlebox').issue(lasting),
      /Middlebox/,
      /BASEOS_CA_FILE/,
    ],
    [
      'has expired',
      () => authority.issue({ validFromMs: Date.now() - 9 * dayMs, validToMs: Date.now() - dayMs }),
      /has expired.*by the clock of this device/,
      /renew the certificate/,
      /has expired, unless the clock is ahead/,
    ],
    [
      'is not valid yet',
      () => authority.issue({ validFromMs: Date.now() + dayMs, validToMs: Date.now() + 9 * dayMs }),
      /not valid yet.*by the clock of this device/,
      /NTP/,
      /The clock is probably behind/,
    ],
    [
      'is for another name',
      () => authority.issue({ ...lasting, names: ['other.example'] }),
      /for other\.example/,
      /BASEOS_CLOUDLY_URL/,
    ],
  ])('fails at a certificate that %s', async (_what, identity, message, remedy, clock?: RegExp) => {
    const requests: IncomingMessage[] = [];
    const found = await findings(await serveHttp(cloudly({ requests }), identity()));
    expect(verdicts(found)).toBe(`skip pass fail skip ${clock ? 'warn' : 'pass'}`);
    expect(found['clock']?.message).toMatch(clock ?? /no other clock to compare/);
    expect(found['TLS']?.message).toMatch(message);
    expect(found['TLS']?.remedy).toMatch(remedy);
    expect(found['TLS']?.remedy).not.toContain('by itself');
    expect(requests).toEqual([]);
  });

  const strangers: [what: string, listener: RequestListener, message: RegExp][] = [
    [
      'a captive portal',
      (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Log in</h1>'),
      /HTML page/,
    ],
    [
      'a redirect to a login',
      (_request, response) => response.writeHead(302, { location: 'https://login.example/?token=x' }).end(),
      /redirect to https:\/\/login\.example/,
    ],
    ['a bare 401', (_request, response) => response.writeHead(401).end(), /status 401/],
    ['a bare 404, as of a wrong path', (_request, response) => response.writeHead(404).end('not found'), /status 404/],
  ];
  test.each(strangers)('fails at %s', async (_what, listener, message) => {
    const found = await findings(await serveHttp(listener));
    expect(verdicts(found)).toBe('skip pass skip fail pass');
    expect(found['Cloudly']?.message).toMatch(message);
    expect(found['Cloudly']?.remedy).toContain('BASEOS_CLOUDLY_URL');
  });

  test('passes behind a gateway that allows only POST', async () => {
    const behind = cloudly();
    const found = await findings(
      await serveHttp((request, response) => {
        if (request.method === 'POST') behind(request, response);
        else response.writeHead(403, { 'content-type': 'application/json' }).end('{"message":"Forbidden"}');
      }, authority.issue(lasting)),
    );
    expect(verdicts(found)).toBe('skip pass pass pass pass');
  });

  test('fails at a Cloudly without this path', async () => {
    const issuer = { cloudlyId: 'cloudly-1', serverTime: new Date().toISOString() };
    const found = await findings(
      await serveHttp((_request, response) =>
        response
          .writeHead(404, { 'content-type': PROBLEM_MEDIA_TYPE })
          .end(JSON.stringify(problemDocument({ code: 'not-found' }, issuer))),
      ),
    );
    expect(found['Cloudly']).toMatchObject({
      verdict: 'fail',
      message: expect.stringContaining('no such endpoint') as string,
      remedy: expect.stringContaining('BASEOS_CLOUDLY_URL') as string,
    });
  });

  test('fails at a server that accepts the request and never answers, in time', async () => {
    const found = await findings(await serveHttp(() => undefined));
    expect(verdicts(found)).toBe('skip pass skip fail pass');
    expect(found['Cloudly']?.message).toContain('did not answer');
  });

  test('warns of a Cloudly that is currently unavailable', async () => {
    const found = await findings(
      await serveHttp((_request, response) => response.writeHead(503, { 'retry-after': '30' }).end()),
    );
    expect(verdicts(found)).toBe('skip pass skip warn pass');
  });
});

describe('the connection through a proxy', () => {
  test('is the agent’s, and the check connects to the proxy', async () => {
    const { port } = new URL(await serveHttp(cloudly(), authority.issue({ ...lasting, names: ['cloudly.example'] })));
    const proxy = await startForwardProxy({
      onConnect: (socket) => {
        const upstream = connect(Number(port), '127.0.0.1');
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        upstream.on('error', () => undefined);
        upstream.pipe(socket).pipe(upstream);
      },
    });
    const found = await findings('https://cloudly.example', { HTTPS_PROXY: proxy.url });
    expect(verdicts(found)).toBe('skip pass pass pass pass');
    expect(found['connection']?.message).toContain('The proxy at 127.0.0.1');
    expect(proxy.requests.map(({ line }) => line)).toEqual(
      Array.from({ length: 2 }, () => 'CONNECT cloudly.example:443'),
    );
  });

  test('fails at a proxy that requires a password, and does not show the configured one', async () => {
    const { url } = await startForwardProxy({ credentials: 'agent:secret' });
    const proxyUrl = url.replace('http://', 'http://agent:canary-password@');
    const found = await findings('https://cloudly.example', { HTTPS_PROXY: proxyUrl });
    expect(verdicts(found)).toBe('skip pass fail skip pass');
    expect(found['TLS']?.remedy).toContain('HTTPS_PROXY');
    expect(JSON.stringify(found)).not.toContain('canary');
  });

  test('fails at a proxy whose certificate has expired, and judges the clock by it', async () => {
    const expired = authority.issue({ validFromMs: Date.now() - 9 * dayMs, validToMs: Date.now() - dayMs });
    const found = await findings('https://cloudly.example', { HTTPS_PROXY: await serveHttp(cloudly(), expired) });
    expect(verdicts(found)).toBe('skip pass fail skip warn');
    expect(found['TLS']?.message).toContain('proxy');
    expect(found['clock']?.message).toContain('the certificate of the proxy has expired');
  });

  test('fails at a proxy that is not there', async () => {
    const found = await findings('https://cloudly.example', { HTTPS_PROXY: await closedPort('http') });
    expect(verdicts(found)).toBe('skip fail skip skip pass');
    expect(found['connection']?.remedy).toContain('HTTPS_PROXY');
  });
});

describe('the clock', () => {
  test.each([
    [-2 * 60_000, 'warn', '2 minutes ahead of'],
    [3 * 3_600_000, 'warn', '3 hours behind'],
    [400 * dayMs, 'fail', '400 days behind'],
    [20_000, 'pass', 'agrees'],
  ])("with Cloudly's ahead by %i ms: %s", async (aheadMs, verdict, words) => {
    const { clock } = await findings(await serveHttp(cloudly({ aheadMs })));
    expect(clock?.verdict).toBe(verdict);
    expect(clock?.message).toContain(words);
  });
});
