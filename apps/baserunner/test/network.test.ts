import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CertificateAuthority, type Identity, selfSigned } from './certificate-authority.js';
import { startForwardProxy } from './forward-proxy.js';
import type { Rig } from './rig.js';
import { TlsFront } from './tls-front.js';
import { useRig } from './use-rig.js';

let rig: Rig;
useRig((opened) => {
  rig = opened;
});

const authority = new CertificateAuthority('Example root');
const dayMs = 86_400_000;
let front: TlsFront;
beforeEach(async () => {
  front = await TlsFront.open(rig.cloudlyUrl, authority.issue());
});
afterEach(() => front.close());

/** The variables of a device that is to be enrolled over TLS. */
async function env(changes: Record<string, string | undefined> = {}): Promise<Record<string, string>> {
  const joinToken = await rig.createJoinToken();
  const caFile = join(rig.folder, 'ca.pem');
  await writeFile(caFile, authority.cert);
  const network = { BASEOS_CLOUDLY_URL: front.url, BASEOS_CA_FILE: caFile };
  return rig.env({ ...network, BASEOS_JOIN_TOKEN: joinToken, ...changes });
}

describe('a Cloudly of a private authority', () => {
  test.each([
    ['BASEOS_CA_FILE', {}],
    ['BASEOS_CA_PEM', { BASEOS_CA_FILE: undefined, BASEOS_CA_PEM: authority.cert.replaceAll('\n', '\\n') }],
  ])('is reached with its certificate from %s', async (_variable, changes) => {
    const agent = rig.start(await env(changes));
    await rig.event('heartbeat-received', ({ sequence }) => sequence === 2);
    expect(agent.stderr).not.toMatch(/ (warn|error) /);
  });

  test('is not reached without it, and the log says whose certificate is missing', async () => {
    const agent = rig.start(await env({ BASEOS_CA_FILE: undefined }));
    await agent.logged(/warn .*issued by "CN=Example root", which is not trusted on this device .*BASEOS_CA_FILE/);
    expect(rig.eventsOf('node-registered')).toEqual([]);
  });
});

function validity(fromDays: number, toDays: number): Identity {
  return authority.issue({ validFromMs: Date.now() + fromDays * dayMs, validToMs: Date.now() + toDays * dayMs });
}

describe('a certificate of Cloudly', () => {
  test.each<[string, () => Identity, RegExp]>([
    ['that is not valid yet', () => validity(5, 10), /is not valid yet: .* by the clock of this device .*NTP/],
    ['that has expired', () => validity(-10, -5), /has expired: .* by the clock of this device .*NTP/],
    ['that is self-signed', () => selfSigned('router.local'), /self-signed \("CN=router\.local"\)/],
    [
      'for another host',
      () => authority.issue({ names: ['other.example'] }),
      /for other\.example, not for 127\.0\.0\.1/,
    ],
  ])('%s is reported and stops every call until a valid one is presented', async (_which, identity, words) => {
    const agent = rig.start(await env());
    await agent.logged(/acknowledged the first heartbeat/);
    const stored = await readFile(rig.statePath, 'utf8');
    front.show(identity());
    await agent.logged(new RegExp(` warn .*${words.source}.*code=unreachable`));
    const received = rig.eventsOf('heartbeat-received').length;
    await agent.logged(/debug .*code=unreachable/);
    expect(rig.eventsOf('heartbeat-received')).toHaveLength(received);
    front.show(authority.issue());
    await agent.logged(/answers again/);
    expect(await readFile(rig.statePath, 'utf8')).toBe(stored);
  });
});

describe('a Cloudly that speaks the other one of http and https', () => {
  test('is reported as such if TLS is expected', async () => {
    const agent = rig.start(await env({ BASEOS_CLOUDLY_URL: rig.cloudlyUrl.replace('http:', 'https:') }));
    await agent.logged(/ warn .*it does not speak TLS there, so the URL may need http or another port/);
    expect(agent.isRunning).toBe(true);
  });

  test('is reported as such if plain http is expected', async () => {
    const agent = rig.start(await env({ BASEOS_CLOUDLY_URL: front.url.replace('https:', 'http:') }));
    await agent.logged(/ warn .*(it does not speak HTTP|the connection broke) .*code=unreachable/);
    expect(agent.isRunning).toBe(true);
  });
});

describe('a name that does not resolve yet, as after a boot', () => {
  test('is reported once and looked up again with each call, until the device is enrolled', async () => {
    const changes = {
      BASEOS_CLOUDLY_URL: rig.cloudlyUrl.replace('127.0.0.1', 'cloudly.example'),
      BASEOS_ALLOW_INSECURE_HTTP: '1',
      BASEOS_CA_FILE: undefined,
      BALENA_SUPERVISOR_ADDRESS: undefined,
      BALENA_SUPERVISOR_API_KEY: undefined,
    };
    const namesComeLate = new URL('names-come-late.mjs', import.meta.url).pathname;
    const agent = rig.start(await env(changes), ['--import', namesComeLate]);
    await agent.logged(/answers again, after 2 failed calls/);
    await rig.event('heartbeat-received');
    expect(agent.stderr.match(/ warn .*the DNS lookup of its host name failed \(EAI_AGAIN\)/g)).toHaveLength(1);
    expect(agent.stderr.match(/looked up: cloudly\.example/g)?.length).toBeGreaterThanOrEqual(3);
  });
});

describe('a proxy', () => {
  // What is on this machine is never reached through a proxy, so this Cloudly has a name, which the proxy alone knows.
  const hostname = 'cloudly.example';
  const proxied = (proxyUrl: string) => ({
    BASEOS_CLOUDLY_URL: `https://${hostname}:${front.port}`,
    HTTPS_PROXY: proxyUrl,
    HTTP_PROXY: proxyUrl,
  });

  beforeEach(() => front.show(authority.issue({ names: [hostname] })));

  test('carries calls to Cloudly but never to the Supervisor, without undici, and its password is shown nowhere', async () => {
    const proxy = await startForwardProxy({ credentials: 'device:hidden-word', hosts: { [hostname]: '127.0.0.1' } });
    const environment = await env(proxied(proxy.url.replace('://', '://device:hidden-word@')));
    const probe = new URL('print-loaded-modules.mjs', import.meta.url).pathname;
    const agent = rig.start(environment, ['--import', probe]);
    const { status } = await rig.event('heartbeat-received', (event) => event.status !== undefined);
    expect(status?.supervisor).toMatchObject({ state: 'available' });
    await rig.event('heartbeat-received', ({ sequence }) => sequence === 2);
    const { stdout, stderr } = await rig.run(['status'], environment);
    expect(JSON.parse(stdout)).toMatchObject({
      cloudly: { state: 'registered' },
      configuration: { HTTPS_PROXY: { value: proxy.url, source: 'environment' } },
    });
    await agent.end();
    expect(new Set(proxy.requests.map(({ line }) => line))).toEqual(new Set([`CONNECT ${hostname}:${front.port}`]));
    expect(agent.stderr).not.toMatch(/loaded: .*undici/);
    for (const text of [stdout, stderr, agent.stderr]) expect(text).not.toMatch(/hidden-word|aGlkZGVu/);
  });

  test('that rejects is reported with what to do, and once it relents, the device enrols', async () => {
    const proxy = await startForwardProxy({ credentials: 'device:hidden-word', hosts: { [hostname]: '127.0.0.1' } });
    const agent = rig.start(await env(proxied(proxy.url)));
    await agent.logged(/ warn .*the proxy http:.* requires a user name and password \(HTTP 407\).*HTTPS_PROXY/);
    proxy.admitEverybody();
    await rig.event('heartbeat-received');
    await agent.logged(/answers again/);
    expect(rig.eventsOf('node-registered')).toHaveLength(1);
  });

  test('is not used for addresses in NO_PROXY', async () => {
    const proxy = await startForwardProxy();
    const agent = rig.start(await env({ ...proxied(proxy.url), NO_PROXY: '.example' }));
    await agent.logged(/ warn .*cloudly\.example.* host name .*code=unreachable/);
    expect(proxy.requests).toEqual([]);
  });
});
