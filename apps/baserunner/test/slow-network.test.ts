import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DoctorReport } from '../src/doctor/doctor-report.js';
import { CertificateAuthority } from './certificate-authority.js';
import { startForwardProxy } from './forward-proxy.js';
import type { Rig } from './rig.js';
import { mustOpenRoom, openSlowRoom, refusing, type SlowRoomOptions, unlessRoom } from './slow-room.js';
import { TlsFront } from './tls-front.js';
import { useRig } from './use-rig.js';

let rig: Rig;
useRig((opened) => {
  rig = opened;
});

const authorities = {
  cloudly: new CertificateAuthority('Cloudly root'),
  proxy: new CertificateAuthority('Proxy root'),
};
const names = { cloudly: 'cloudly.example', proxy: 'proxy.example', supervisor: 'supervisor.example' };
const ports = { cloudly: 8443, proxy: 3128, supervisor: 48484 };

const lasting = { validToMs: Date.now() + 90 * 86_400_000 };

let front: TlsFront;
beforeEach(async () => {
  front = await TlsFront.open(rig.cloudlyUrl, authorities.cloudly.issue({ names: [names.cloudly], ...lasting }));
});
afterEach(() => front.close());

/** The variables of a device in a network where no two parties share a name or address. */
async function deviceIn(
  options: Omit<SlowRoomOptions, 'folder'>,
  { proxyPort, ...changes }: Record<string, string | undefined> & { proxyPort?: string } = {},
): Promise<Record<string, string>> {
  const room = await openSlowRoom({ ...options, folder: rig.folder });
  await room.serve(ports.cloudly, front.port);
  await room.serve(ports.supervisor, Number(new URL(rig.supervisorAddress).port));
  if (proxyPort !== undefined) await room.serve(ports.proxy, Number(proxyPort));
  const caFile = join(rig.folder, 'ca.pem');
  await writeFile(caFile, authorities.cloudly.cert + authorities.proxy.cert);
  const joinToken = await rig.createJoinToken();
  rig.enter = room.enter;
  return rig.env({
    BASEOS_CLOUDLY_URL: `https://${names.cloudly}:${ports.cloudly}`,
    BASEOS_CA_FILE: caFile,
    BASEOS_JOIN_TOKEN: joinToken,
    BALENA_SUPERVISOR_ADDRESS: undefined,
    BALENA_SUPERVISOR_API_KEY: undefined,
    ...changes,
  });
}

const noRoute = '2001:db8::1';
/** Peers at 300 ms, which is more than the 250 ms that Node gives an address. */
const slow = { '10.77.0.2': 300, 'fd77::2': 300 };
const lost = { ipv4: '10.77.0.66', ipv6: 'fd77::66' };

const shapes: readonly [what: string, addresses: readonly string[], room?: Partial<SlowRoomOptions>][] = [
  ['an IPv6 address without a route, then a slow one', [noRoute, '10.77.0.2']],
  ['a slow address, then an IPv6 one without a route', ['10.77.0.2', noRoute]],
  ['two dead addresses that drop everything, then a slow one', [lost.ipv4, '10.77.0.67', '10.77.0.2']],
  ['dead IPv6 addresses that drop everything, and a slow one', [lost.ipv6, 'fd77::67', '10.77.0.2'], { hasIpv6: true }],
  ['a dead IPv4 address and a slow IPv6 one', [lost.ipv4, 'fd77::2'], { hasIpv6: true }],
  ['an address that refuses connections, then a slow one', [refusing, '10.77.0.2']],
  ['a dead address, then one two seconds away', [lost.ipv4, '10.77.0.2'], { roundTripsMs: { '10.77.0.2': 2000 } }],
];

describe.runIf(mustOpenRoom)(`on a slow link${unlessRoom}`, { timeout: 180_000 }, () => {
  test.each(shapes)('the agent reaches Cloudly with %s', async (_what, addresses, room) => {
    const hosts = { [names.cloudly]: addresses };
    const agent = rig.start(await deviceIn({ hosts, roundTripsMs: slow, ...room }));
    await rig.event('heartbeat-received');
    await agent.logged(/acknowledged the first heartbeat/);
    expect(agent.stderr).not.toMatch(/ (warn|error) /);
  });

  test.each(['http', 'https'] as const)(
    'the agent reaches an %s proxy at any of its working addresses, each party by its own name',
    async (protocol) => {
      const identity = authorities.proxy.issue({ names: [names.proxy] });
      const proxy = await startForwardProxy({
        ...(protocol === 'https' && { identity }),
        credentials: 'device:hidden-word',
        hosts: { [names.cloudly]: '127.0.0.1' },
        ports: { [ports.cloudly]: front.port },
      });
      const agent = rig.start(
        await deviceIn(
          { hosts: { [names.proxy]: [noRoute, lost.ipv4, '10.77.0.2'] }, roundTripsMs: slow },
          {
            HTTPS_PROXY: `${protocol}://device:hidden-word@${names.proxy}:${ports.proxy}`,
            proxyPort: new URL(proxy.url).port,
          },
        ),
      );
      await rig.event('heartbeat-received');
      await agent.logged(/acknowledged the first heartbeat/);
      expect(agent.stderr).not.toMatch(/ (warn|error) /);
      expect(new Set(proxy.requests.map(({ line }) => line))).toEqual(
        new Set([`CONNECT ${names.cloudly}:${ports.cloudly}`]),
      );
    },
  );

  test('the agent reaches the Supervisor by its name', async () => {
    const hosts = { [names.cloudly]: ['10.77.0.2'], [names.supervisor]: [noRoute, lost.ipv4, '10.77.0.3'] };
    const agent = rig.start(
      await deviceIn(
        { hosts, roundTripsMs: { ...slow, '10.77.0.3': 300 } },
        {
          BALENA_SUPERVISOR_ADDRESS: `http://${names.supervisor}:${ports.supervisor}`,
          BALENA_SUPERVISOR_API_KEY: rig.supervisor.apiKey,
        },
      ),
    );
    const { status } = await rig.event('heartbeat-received', (event) => event.status !== undefined);
    expect(status?.supervisor).toMatchObject({ state: 'available' });
    await agent.end();
  });

  test('the log gives the reason for each failed address', async () => {
    const agent = rig.start(await deviceIn({ hosts: { [names.cloudly]: [noRoute, refusing] }, roundTripsMs: slow }));
    const logged = agent.logged(
      / warn .*2001:db8::1: there is no route to it \(ENETUNREACH\); 10\.77\.9\.9: nothing accepts connections there \(ECONNREFUSED\)/,
    );
    await expect(logged).resolves.toBeDefined();
  });
});

describe.runIf(mustOpenRoom)(`doctor on a slow link${unlessRoom}`, { timeout: 180_000 }, () => {
  async function findings(addresses: readonly string[], room: Partial<SlowRoomOptions> = {}) {
    const env = await deviceIn({ hosts: { [names.cloudly]: addresses }, roundTripsMs: slow, ...room });
    const { stdout } = await rig.run(['doctor', '--json'], env);
    const report = JSON.parse(stdout) as DoctorReport;
    expect(report.durationMs).toBeLessThan(15_000);
    return Object.fromEntries(report.checks.map((finding) => [finding.check, finding]));
  }

  // It connects as the agent does. Here is one of each fate of an address.
  const fates = shapes.filter(([what]) => /^(?:an IPv6 address without|two dead|an address that refuses)/.test(what));

  test.each(fates)('reaches Cloudly with %s', async (_what, addresses, room) => {
    expect(fates).toHaveLength(3);
    const found = await findings(addresses, room);
    expect(found['TLS']?.verdict).toBe('pass');
    expect(found['Cloudly']?.verdict).toBe('pass');
  });

  test.each([
    [
      'passes over a family without a route, and says so',
      [noRoute, '10.77.0.2'],
      'pass',
      /2001:db8::1: no route to host/,
    ],
    [
      'names an address that drops everything',
      [lost.ipv4, '10.77.0.2'],
      'warn',
      /10\.77\.0\.66: no answer to the connection attempt/,
    ],
    ['names an address that refuses connections', [refusing, '10.77.0.2'], 'warn', /10\.77\.9\.9: connection refused/],
    [
      'names every address if none works',
      [noRoute, refusing],
      'fail',
      /2001:db8::1: no route.*; 10\.77\.9\.9: connection refused|10\.77\.9\.9: connection refused.*; 2001:db8::1: no route/,
    ],
  ])('%s', async (_what, addresses, verdict, words) => {
    const { connection } = await findings(addresses);
    expect(connection?.verdict).toBe(verdict);
    expect(connection?.message).toMatch(words);
  });
});
