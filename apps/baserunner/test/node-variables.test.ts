import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { installCommand, runtimes } from '../../../test/runtimes.js';
import { CertificateAuthority, selfSigned } from './certificate-authority.js';
import { startForwardProxy } from './forward-proxy.js';
import type { Rig } from './rig.js';
import { TlsFront } from './tls-front.js';
import { useRig } from './use-rig.js';

let rig: Rig;
useRig((opened) => {
  rig = opened;
});

const authority = new CertificateAuthority('Example root');
const careless = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };

/** Uses a non-loopback address, because loopback addresses are reached without a proxy. */
const hostname = 'cloudly.example';

function named({ port }: TlsFront): string {
  return `https://${hostname}:${port}`;
}

async function open(identity = selfSigned('somebody')): Promise<TlsFront> {
  const front = await TlsFront.open(rig.cloudlyUrl, identity);
  onTestFinished(() => front.close());
  return front;
}

describe('with NODE_TLS_REJECT_UNAUTHORIZED=0 set for the fleet', () => {
  let env: Record<string, string>;
  beforeEach(async () => {
    env = rig.env({ ...careless, BASEOS_JOIN_TOKEN: await rig.createJoinToken() });
  });

  test('the agent gives its tokens to no server that it does not trust, and says what to do', async () => {
    const front = await open();
    const agent = rig.start({ ...env, BASEOS_CLOUDLY_URL: front.url });
    await agent.logged(/warn +NODE_TLS_REJECT_UNAUTHORIZED=0 .*verifies them anyway.*BASEOS_CA_FILE/);
    await agent.logged(/warn .*self-signed \("CN=somebody"\)/);
    expect(await agent.end()).toEqual({ code: 0, signal: null });
    expect(rig.events.entries).toEqual([]);
  });

  describe.each(runtimes)('$name', ({ name, executable }) => {
    const isMissing = !existsSync(executable) && !process.env['CI'];
    test.skipIf(isMissing)(`neither, on ${name}${isMissing ? ` (needs it: ${installCommand})` : ''}`, async () => {
      const front = await open();
      const argv = [...(name.startsWith('deno') ? ['run', '--allow-all'] : []), rig.cliPath, 'start'];
      const agent = spawn(executable, argv, {
        env: { ...env, BASEOS_CLOUDLY_URL: front.url },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      const ended = once(agent, 'close');
      try {
        let log = '';
        agent.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
        while (!/warn .*code=unreachable/.test(log)) await once(agent.stderr, 'data');
        expect(rig.events.entries).toEqual([]);
      } finally {
        // Before the rig removes the folder that it writes to.
        agent.kill('SIGKILL');
        await ended;
      }
    });
  });

  test('nor by way of a proxy', async () => {
    const [front, proxy] = [await open(), await startForwardProxy({ hosts: { [hostname]: '127.0.0.1' } })];
    const agent = rig.start({ ...env, BASEOS_CLOUDLY_URL: named(front), HTTPS_PROXY: proxy.url });
    await agent.logged(/warn .*self-signed \("CN=somebody"\)/);
    expect(proxy.requests).not.toEqual([]);
    await agent.end();
    expect(rig.events.entries).toEqual([]);
  });

  test('nor its proxy password to a proxy that it does not trust', async () => {
    const target = await open(authority.issue());
    const proxy = await startForwardProxy({ identity: selfSigned('a proxy'), credentials: 'user:password' });
    const agent = rig.start({
      ...env,
      BASEOS_CLOUDLY_URL: named(target),
      BASEOS_CA_PEM: authority.cert,
      HTTPS_PROXY: proxy.url.replace('//', '//user:password@'),
    });
    await agent.logged(/warn .*self-signed \("CN=a proxy"\)/);
    await agent.end();
    expect({ proxied: proxy.requests, events: rig.events.entries }).toEqual({ proxied: [], events: [] });
  });

  test('doctor does not trust it either', async () => {
    const front = await open();
    const { exitCode, stdout } = await rig.run(['doctor', '--json'], { ...env, BASEOS_CLOUDLY_URL: front.url });
    expect(exitCode).toBe(1);
    expect(stdout).toContain('NODE_TLS_REJECT_UNAUTHORIZED');
    expect(rig.events.entries).toEqual([]);
  });

  test('a trusted server is reached', async () => {
    const front = await open(authority.issue());
    rig.start({ ...env, BASEOS_CLOUDLY_URL: front.url, BASEOS_CA_PEM: authority.cert });
    expect(await rig.event('heartbeat-received')).toMatchObject({ sequence: 1 });
  });
});

test.each([
  ['NODE_OPTIONS', '--max-old-space-size=64'],
  ['NODE_DEBUG', 'timer'],
])('%s=%s causes a warning at the start and in the status', async (name, value) => {
  const env = rig.env({ [name]: value });
  const agent = rig.start(env);
  await agent.logged(new RegExp(`warn +${name} `));
  expect((await rig.status(env)).notices).toEqual(
    expect.arrayContaining([expect.objectContaining({ message: expect.stringContaining(name) })]),
  );
  await agent.end();
});

describe.runIf(process.platform === 'linux')('with NODE_EXTRA_CA_CERTS set for the fleet to', () => {
  test.each([
    ['a pipe', (path: string) => void execFileSync('mkfifo', [path])],
    ['a link to an endless device', (path: string) => symlinkSync('/dev/zero', path)],
  ])('%s, a Cloudly with TLS is reached, and every command says what to do', async (_what, make) => {
    const path = join(rig.folder, 'authorities.pem');
    make(path);
    const front = await open(authority.issue());
    const env = rig.env({
      NODE_EXTRA_CA_CERTS: path,
      BASEOS_JOIN_TOKEN: await rig.createJoinToken(),
      BASEOS_CLOUDLY_URL: front.url,
      BASEOS_CA_PEM: authority.cert,
    });
    const agent = rig.start(env);
    expect(await rig.event('heartbeat-received')).toMatchObject({ sequence: 1 });
    await agent.logged(/^baserunner: NODE_EXTRA_CA_CERTS is .* BASEOS_CA_FILE\.$/m);
    const doctor = await rig.run(['doctor'], { ...env, BASEOS_LOG_FORMAT: 'json' });
    expect({ ...doctor, stderr: JSON.parse(doctor.stderr.split('\n')[0] ?? '') as unknown }).toMatchObject({
      exitCode: 0,
      stderr: { level: 'warn', message: expect.stringContaining('NODE_EXTRA_CA_CERTS') as string },
    });
    expect(await agent.end()).toEqual({ code: 0, signal: null });
  });
});
