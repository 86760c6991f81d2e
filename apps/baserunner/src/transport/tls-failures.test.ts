import { createServer } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { listenOnLoopback } from '@serve.zone/baseos-testing/network/listen-on-loopback';
import { CloudlyConnector } from '@serve.zone/baseos-cloudly-connector';
import registerRequest from '@serve.zone/baseos-contracts/examples/register-request.json' with { type: 'json' };
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CertificateAuthority, type Identity, selfSigned } from '../../test/certificate-authority.js';
import { startForwardProxy } from '../../test/forward-proxy.js';
import { portOf } from '../../test/loopback-server.js';
import { explainCertificate, type PeerCertificate } from './explain-certificate.js';
import { createNodeHttpFetch, type NodeHttpFetchOptions } from './node-http-fetch.js';

const authority = new CertificateAuthority('Example root');
const trusted = { certificateAuthorities: [authority.cert] };
const dayMs = 86_400_000;

async function serve(identity: Identity): Promise<string> {
  const server = createServer(identity, (_request, response) => response.end('{}'));
  const { port, close } = await listenOnLoopback(server);
  onTestFinished(close);
  return `https://127.0.0.1:${port}`;
}

async function register(cloudlyUrl: string, options: NodeHttpFetchOptions = trusted) {
  const transport = createNodeHttpFetch(options);
  onTestFinished(() => transport.close());
  const connector = new CloudlyConnector({ cloudlyUrl, fetch: transport.fetch });
  return connector.register(registerRequest as never, { joinToken: 'canary-token' });
}

function isoDay(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}

describe('a server of a private authority', () => {
  test('is trusted by that authority, and the system’s authorities remain trusted', async () => {
    const url = await serve(authority.issue());
    expect(await register(url)).toMatchObject({ kind: 'not-cloudly', status: 200 });
    const other = new CertificateAuthority('Other root').cert;
    expect(await register(url, { certificateAuthorities: [other, authority.cert] })).toMatchObject({ status: 200 });
  });

  test('is trusted by its own certificate, if that was configured', async () => {
    const identity = selfSigned('cloudly.example');
    expect(await register(await serve(identity), { certificateAuthorities: [identity.cert] })).toMatchObject({
      status: 200,
    });
  });
});

async function readAll(body: AsyncIterable<Uint8Array> | null): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body ?? []) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('the next connection to a server', () => {
  test.each([
    ['directly', false],
    ['through a proxy', true],
  ])('needs no new certificate (%s), but does after a failure and for another name', async (_how, isProxied) => {
    const reused: boolean[] = [];
    const identity = authority.issue({ names: ['127.0.0.1', 'cloudly.example'] });
    const server = createServer(identity, ({ url: path, socket }, response) => {
      reused.push((socket as TLSSocket).isSessionReused());
      if (path === '/reset') socket.destroy();
      else response.writeHead(200, { connection: 'close' }).end('{}');
    });
    const url = `https://127.0.0.1:${await portOf(server)}`;
    const proxy = await startForwardProxy({ hosts: { 'cloudly.example': '127.0.0.1', 'other.example': '127.0.0.1' } });
    const { fetch, close } = createNodeHttpFetch({ ...trusted, ...(isProxied && { proxyUrl: proxy.url }) });
    onTestFinished(close);
    const ask = async (target: string): Promise<void> => {
      const signal = new AbortController().signal;
      const { body } = await fetch(target, { method: 'GET', headers: {}, redirect: 'manual', signal });
      expect(await readAll(body)).toBe('{}');
    };
    await ask(url);
    await ask(url);
    await expect(ask(`${url}/reset`)).rejects.toMatchObject({ code: 'ECONNRESET' });
    await ask(url);
    expect(reused).toEqual([false, true, true, false]);
    const ofAnother = isProxied ? url.replace('127.0.0.1', 'other.example') : url.replace('127.0.0.1', 'localhost');
    await expect(ask(ofAnother)).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    expect(reused).toHaveLength(4);
  });
});

describe('a certificate', () => {
  test('that is not valid yet is reported with its validity, the device time, and NTP', async () => {
    const [validFromMs, validToMs] = [Date.now() + 10 * dayMs, Date.now() + 20 * dayMs];
    const url = await serve(authority.issue({ validFromMs, validToMs }));
    expect(await register(url)).toEqual({
      kind: 'unreachable',
      reason: 'CERT_NOT_YET_VALID',
      message: expect.stringMatching(
        `is not valid yet: it is valid from ${isoDay(validFromMs)}T.*Z to ${isoDay(validToMs)}T.*Z, and it is ${isoDay(Date.now()).slice(0, 7)}.*Z by the clock of this device`,
      ) as string,
      remedy: expect.stringMatching(/NTP server/) as string,
    });
  });

  test('that has expired is reported in the same way', async () => {
    const [validFromMs, validToMs] = [Date.now() - 20 * dayMs, Date.now() - 10 * dayMs];
    expect(await register(await serve(authority.issue({ validFromMs, validToMs })))).toMatchObject({
      reason: 'CERT_HAS_EXPIRED',
      message: expect.stringMatching(`has expired: .* to ${isoDay(validToMs)}T`) as string,
      remedy: expect.stringContaining('NTP') as string,
    });
  });

  test('of an unknown authority is reported with its issuer and BASEOS_CA_FILE', async () => {
    const url = await serve(new CertificateAuthority('Company proxy').issue());
    expect(await register(url)).toMatchObject({
      reason: expect.stringMatching(/^UNABLE_TO/) as string,
      message: expect.stringContaining('issued by "CN=Company proxy", which is not trusted on this device') as string,
      remedy: expect.stringContaining('BASEOS_CA_FILE') as string,
    });
  });

  test('that is self-signed is reported as such', async () => {
    expect(await register(await serve(selfSigned('router.local')), {})).toMatchObject({
      reason: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      message: expect.stringContaining('self-signed ("CN=router.local")') as string,
      remedy: expect.stringContaining('BASEOS_CA_FILE') as string,
    });
  });

  test('for another host is reported with both names', async () => {
    const url = await serve(authority.issue({ names: ['other.example', 'third.example'] }));
    expect(await register(url)).toMatchObject({
      reason: 'ERR_TLS_CERT_ALTNAME_INVALID',
      message: expect.stringContaining('was issued for other.example, third.example, not for 127.0.0.1') as string,
    });
  });

  test('that is rejected keeps the token from the server, and is checked again with the next call', async () => {
    const server = createServer(authority.issue({ names: ['other.example'] }));
    let requests = 0;
    server.on('request', () => (requests += 1));
    let connections = 0;
    server.on('connection', () => (connections += 1));
    const { port, close: closeServer } = await listenOnLoopback(server);
    onTestFinished(closeServer);
    const { fetch, close } = createNodeHttpFetch(trusted);
    onTestFinished(close);
    const cloudlyUrl = `https://127.0.0.1:${port}`;
    const connector = new CloudlyConnector({ cloudlyUrl, fetch });
    for (let call = 1; call <= 2; call += 1) {
      expect(await connector.register(registerRequest as never, { joinToken: 'canary' })).toMatchObject({
        reason: 'ERR_TLS_CERT_ALTNAME_INVALID',
      });
      expect([connections, requests]).toEqual([call, 0]);
    }
  });
});

test('is described in one short printable line, whatever it contains', () => {
  const text = fc.string({ unit: 'binary', maxLength: 400 });
  const name = fc.dictionary(fc.constantFrom('CN', 'O', 'OU', '__proto__'), text);
  const link = fc.record({ subject: name, issuer: name, valid_from: text, valid_to: text, subjectaltname: text });
  const codes = ['CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'INVALID_CA'];
  fc.assert(
    fc.property(link, link, fc.constantFrom(...codes), (leaf, issuer, code) => {
      const certificate: PeerCertificate = { ...leaf, issuerCertificate: { ...issuer } };
      const told = explainCertificate(code, {
        certificate,
        hostname: 'cloudly.example',
        variable: 'BASEOS_CLOUDLY_URL',
        nowMs: 0,
      });
      expect(told?.explanation).toMatch(/^[\p{L}\p{N}\p{P}\p{S} ]{1,600}$/u);
    }),
  );
});
