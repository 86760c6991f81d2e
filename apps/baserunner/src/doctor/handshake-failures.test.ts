import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { CloudlyConnector } from '@serve.zone/baseos-cloudly-connector';
import registerRequest from '@serve.zone/baseos-contracts/examples/register-request.json' with { type: 'json' };
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { CertificateAuthority } from '../../test/certificate-authority.js';
import { startForwardProxy } from '../../test/forward-proxy.js';
import { portOf } from '../../test/loopback-server.js';
import { examine } from './examine.js';
import { createNodeHttpFetch, type NodeHttpFetchOptions } from '../transport/node-http-fetch.js';

const authority = new CertificateAuthority('Example root');
const identity = authority.issue();

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'baserunner-tls-'));
  writeFileSync(join(folder, 'cert.pem'), identity.cert);
  writeFileSync(join(folder, 'key.pem'), identity.key);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The port of an `openssl s_server`, which supports settings that Node's server does not. */
async function openssl(...options: string[]): Promise<number> {
  const files = ['-cert', join(folder, 'cert.pem'), '-key', join(folder, 'key.pem')];
  const server: ChildProcess & { stdout: NodeJS.ReadableStream } = spawn(
    'openssl',
    ['s_server', '-accept', '127.0.0.1:0', '-www', ...files, ...options],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  onTestFinished(() => void server.kill('SIGKILL'));
  for await (const line of createInterface({ input: server.stdout })) {
    const port = /^ACCEPT .*:(\d+)$/.exec(line)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error('openssl s_server did not start.');
}

async function nodeTls(options: TlsOptions): Promise<number> {
  return portOf(
    createTlsServer({ ...identity, ...options }, (socket) => socket.end()).on('tlsClientError', () => undefined),
  );
}

/** Takes the first bytes and does something that is no TLS. */
async function answering(act: (socket: Socket) => void): Promise<number> {
  return portOf(createServer((socket) => socket.once('data', () => act(socket))));
}

function alert(code: number) {
  return async () => answering((socket) => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, code])));
}

const cases: readonly [what: string, serve: () => Promise<number>, explanation: RegExp, remedy: RegExp][] = [
  ['plain http', async () => answering((socket) => socket.end('HTTP/1.1 400 Bad\r\n\r\n')), /not speak TLS/, /port/],
  ['ssh', async () => answering((socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n')), /not speak TLS/, /port/],
  [
    'a connection that is closed at once',
    async () => answering((socket) => socket.end()),
    /closed it during/,
    /firewall/,
  ],
  [
    'a connection that is reset',
    async () => answering((socket) => socket.resetAndDestroy()),
    /closed it during the TLS handshake/,
    /firewall/,
  ],
  [
    'TLS 1.1 alone (openssl)',
    async () => openssl('-tls1_1', '-cipher', 'DEFAULT@SECLEVEL=0'),
    /no version of TLS/,
    /TLS 1\.2/,
  ],
  [
    'TLS 1.1 alone (node)',
    async () => nodeTls({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
    /no version of TLS/,
    /TLS 1\.2/,
  ],
  ['no cipher in common', async () => openssl('-tls1_2', '-cipher', 'PSK'), /no cipher or version/, /ciphers/],
  ['the alert unrecognized_name', alert(112), /no certificate for the host name/, /host name/],
  ['the alert internal_error', alert(80), /internal TLS error/, /log/],
  ['the alert access_denied', alert(49), /access rule/, /firewall/],
  ['the alert bad_record_mac', alert(20), /damaged on the way/, /modem|device/],
  ['the alert protocol_version', alert(70), /no version of TLS/, /TLS 1\.2/],
  ['the alert handshake_failure', alert(40), /refused the TLS handshake/, /ciphers/],
  ['an unknown alert', alert(86), /./, /./],
  [
    'a client certificate (TLS 1.3)',
    async () => openssl('-tls1_3', '-Verify', '1'),
    /certificate of this device/,
    /require/,
  ],
  [
    'a client certificate (TLS 1.2)',
    async () => openssl('-tls1_2', '-Verify', '1'),
    /certificate of the device/,
    /require/,
  ],
  ['HTTP/2 alone', async () => openssl('-alpn', 'h2'), /HTTP\/1\.1/, /ALPN/],
  [
    'a truncated record',
    async () => answering((socket) => socket.end(Buffer.from([22, 3, 3, 0, 90, 2, 0]))),
    /closed it during|closed the connection/,
    /firewall/,
  ],
];

async function register(cloudlyUrl: string, options: NodeHttpFetchOptions = {}) {
  const transport = createNodeHttpFetch({ certificateAuthorities: [authority.cert], ...options });
  onTestFinished(() => transport.close());
  return new CloudlyConnector({ cloudlyUrl, fetch: transport.fetch }).register(registerRequest as never);
}

describe.each(cases)('a server that has %s', (what, serve, explanation, remedy) => {
  test('is reported as such, and only plain text as missing TLS', async () => {
    const outcome = await register(`https://127.0.0.1:${await serve()}`);
    expect(outcome).toMatchObject({
      kind: 'unreachable',
      reason: expect.stringMatching(/^(?:ERR_SSL_\w+|ECONNRESET)$/) as string,
      message: expect.stringMatching(explanation) as string,
      remedy: expect.stringMatching(remedy) as string,
    });
    const isPlain = /^(plain http|ssh)$/.test(what);
    expect(/does not speak TLS/.test('message' in outcome ? outcome.message : '')).toBe(isPlain);
  });

  test('is reported as the proxy if it is the proxy', async () => {
    const proxyUrl = `https://127.0.0.1:${await serve()}`;
    expect(await register('https://cloudly.example', { proxyUrl })).toMatchObject({
      kind: 'unreachable',
      message: expect.stringMatching(new RegExp(`at the proxy ${proxyUrl}, .*${explanation.source}`)) as string,
    });
  });

  test('is reported as Cloudly if a proxy leads to it', async () => {
    const port = await serve();
    const { url: proxyUrl } = await startForwardProxy();
    const outcome = await register(`https://127.0.0.1:${port}`, { proxyUrl });
    expect(outcome).toMatchObject({ message: expect.stringMatching(explanation) as string });
    expect(outcome).not.toMatchObject({ message: expect.stringContaining('at the proxy') as string });
  });

  test('is reported by doctor in the same words', async () => {
    const { checks } = await examine({
      BASEOS_CLOUDLY_URL: `https://127.0.0.1:${await serve()}`,
      BASEOS_CA_PEM: authority.cert,
      BASEOS_STATE_PATH: join(folder, 'state', 'state.json'),
      BASEOS_RUN_PATH: join(folder, 'run'),
    });
    const failed = checks.find(({ check, verdict }) => (check === 'TLS' || check === 'Cloudly') && verdict === 'fail');
    expect(failed?.message).toMatch(explanation);
    expect(failed?.remedy).not.toContain('by itself');
  });
});

test('a server without a certificate for the requested name is reported as such', async () => {
  const ofAnother = ['-servername', 'other.example', '-servername_fatal'];
  const certificate = ['-cert2', join(folder, 'cert.pem'), '-key2', join(folder, 'key.pem')];
  const port = await openssl(...ofAnother, ...certificate);
  const { url: proxyUrl } = await startForwardProxy({ hosts: { 'cloudly.example': '127.0.0.1' } });
  expect(await register(`https://cloudly.example:${port}`, { proxyUrl })).toMatchObject({
    reason: expect.stringMatching(/UNRECOGNIZED_NAME$/) as string,
    message: expect.stringContaining('it has no certificate for the host name') as string,
    remedy: expect.stringContaining('host name') as string,
  });
});
