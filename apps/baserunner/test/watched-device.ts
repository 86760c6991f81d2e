import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endpoints } from '@serve.zone/baseos-contracts';
import { onTestFinished } from 'vitest';
import { CertificateAuthority } from './certificate-authority.js';
import { Evidence, withoutAuthorization } from './evidence.js';
import { type ForwardProxy, startForwardProxy } from './forward-proxy.js';
import { openRecordingRelay, type RecordedRequest, type RecordingRelay } from './recording-relay.js';
import type { Rig } from './rig.js';
import type { Leak } from './secret-search.js';

export const authority = new CertificateAuthority('Example root');

export function randomSecret(): string {
  return randomBytes(24).toString('base64url');
}

/** Each command, as somebody in the field calls it. */
export const commandLines: readonly (readonly string[])[] = [
  ['status'],
  ['status', '--human'],
  ['status', '--wire'],
  ['doctor'],
  ['doctor', '--json'],
  ['commands'],
  ['commands', '--json'],
  ['check-supervisor'],
  ['request-update'],
  ['request-update', '--force'],
  ['identity', 'show'],
  ['identity', 'show', '--json'],
  ['identity', 'reset'],
  ['diagnose', '--output', 'diagnosis.tar.gz'],
  ['version', '--json'],
];

interface Parties {
  cloudly: RecordingRelay;
  supervisor: RecordingRelay;
  proxy: ForwardProxy;
}

/** A device whose every message is recorded: to Cloudly through a proxy and TLS, to its Supervisor, and to its users. */
export class WatchedDevice {
  readonly evidence = new Evidence();
  /** The secrets that the device received or made. More are added as it runs. */
  readonly #given: Record<string, string>;
  readonly #rig: Rig;
  readonly #parties: Parties;
  readonly #format: string;

  static async open(rig: Rig, format: string, joinToken: string): Promise<WatchedDevice> {
    const given = { joinToken, supervisorKey: rig.supervisor.apiKey, proxyPassword: randomSecret() };
    const identity = authority.issue({ names: ['cloudly.example'] });
    const cloudly = await openRecordingRelay(() => rig.cloudlyUrl, identity);
    const supervisor = await openRecordingRelay(() => rig.supervisorAddress);
    onTestFinished(async () => void (await Promise.all([cloudly.close(), supervisor.close()])));
    const credentials = `agent:${given.proxyPassword}`;
    const proxy = await startForwardProxy({ credentials, hosts: { 'cloudly.example': '127.0.0.1' } });
    mkdirSync(join(rig.folder, 'tmp'));
    return new WatchedDevice(rig, format, given, { cloudly, supervisor, proxy });
  }

  private constructor(rig: Rig, format: string, given: Record<string, string>, parties: Parties) {
    this.#rig = rig;
    this.#format = format;
    this.#given = given;
    this.#parties = parties;
  }

  env(changes: Record<string, string | undefined> = {}): Record<string, string> {
    const { cloudly, supervisor, proxy } = this.#parties;
    return this.#rig.env({
      BASEOS_CLOUDLY_URL: `https://cloudly.example:${new URL(cloudly.url).port}`,
      BASEOS_CA_PEM: authority.cert,
      HTTPS_PROXY: proxy.url.replace('//', `//agent:${this.#given['proxyPassword']}@`),
      BASEOS_JOIN_TOKEN: this.#given['joinToken'],
      BALENA_SUPERVISOR_ADDRESS: supervisor.url,
      BASEOS_LOG_FORMAT: this.#format,
      BASEOS_LOG_LEVEL: 'debug',
      HOME: this.#rig.folder,
      TMPDIR: join(this.#rig.folder, 'tmp'),
      ...changes,
    });
  }

  /** Another secret that is on its way through the device. */
  hide(name: string, secret: string): void {
    this.#given[name] = secret;
  }

  /** Runs commands, two at a time, and keeps what they print. */
  async runCommands(
    occasion: string,
    env: Record<string, string>,
    argvs: readonly (readonly string[])[] = commandLines,
    nodeFlags: readonly string[] = [],
  ): Promise<void> {
    const left = [...argvs];
    const work = async (): Promise<void> => {
      for (let argv = left.shift(); argv; argv = left.shift()) {
        this.evidence.addOutput(`${argv.join(' ')} (${occasion})`, await this.#rig.run(argv, env, nodeFlags));
      }
    };
    await Promise.all([work(), work()]);
  }

  /** Keeps every file that the device wrote, but for its state, which is where its secrets belong. */
  keepFiles(): void {
    this.evidence.addFiles(this.#rig.folder, [this.#rig.stateDirectory, join(this.#rig.folder, 'cloudly')]);
  }

  /** Every secret that the device has or had. */
  get secrets(): Record<string, string> {
    const { requests } = this.#parties.cloudly;
    const issued = requests.flatMap(({ answer }) =>
      Array.from(answer.matchAll(/"n(?:ode|extNode)Token":"([^"]+)"/g), ([, token = '']) => token),
    );
    const [, registrationKey] =
      requests.map(({ body }) => /"registrationKey":"([^"]+)"/.exec(body)).find((found) => found !== null) ?? [];
    return {
      ...this.#given,
      ...Object.fromEntries([...new Set(issued)].map((token, index) => [`nodeToken${index + 1}`, token])),
      ...(registrationKey === undefined ? {} : { registrationKey }),
      ...this.#nodeSecret(),
    };
  }

  /** Every secret that came to light where it does not belong. */
  leaks(): (Leak & { place: string })[] {
    const { secrets } = this;
    const { proxyPassword: _password, ...notForProxy } = secrets;
    const { cloudly, supervisor, proxy } = this.#parties;
    const registrations = cloudly.requests.filter(({ path }) => path.endsWith(endpoints.register.path));
    const others = cloudly.requests.filter(({ path }) => !path.endsWith(endpoints.register.path));
    const { joinToken, registrationKey: _registrationKey, ...notForRegistration } = secrets;
    return [
      ...this.evidence.leaks(secrets),
      ...leaksOf('Supervisor', supervisor.requests, withoutNames(secrets, 'supervisorKey')),
      ...leaksOf('Supervisor, but for Authorization', supervisor.requests, secrets, withoutAuthorization),
      ...leaksOf('Cloudly, registrations', registrations, notForRegistration),
      ...leaksOf(
        'Cloudly, registrations, but for Authorization',
        registrations,
        { joinToken: joinToken ?? '' },
        withoutAuthorization,
      ),
      ...leaksOf('Cloudly, heartbeats, but for Authorization', others, secrets, withoutAuthorization),
      ...leaksOf('Cloudly, heartbeats', others, withoutNames(secrets, 'nodeToken')),
      ...leaksOf('proxy', proxy.requests.map(asRequest), notForProxy),
    ];
  }

  /** How many requests each party received: a test that searches them must have some to search. */
  get requestCounts(): Record<keyof Parties, number> {
    const { cloudly, supervisor, proxy } = this.#parties;
    return { cloudly: cloudly.requests.length, supervisor: supervisor.requests.length, proxy: proxy.requests.length };
  }

  /** What the proxy was asked for. */
  get proxied(): string[] {
    return [...new Set(this.#parties.proxy.requests.map(({ line }) => line))];
  }

  #nodeSecret(): Record<string, string> {
    try {
      const { nodeSecret } = JSON.parse(readFileSync(this.#rig.statePath, 'utf8')) as { nodeSecret?: string };
      return nodeSecret === undefined ? {} : { nodeSecret };
    } catch {
      return {};
    }
  }
}

function leaksOf(
  place: string,
  requests: readonly RecordedRequest[],
  secrets: Readonly<Record<string, string>>,
  shown?: (request: RecordedRequest) => string,
): (Leak & { place: string })[] {
  const evidence = new Evidence();
  evidence.addRequests(place, requests, shown);
  return evidence.leaks(secrets);
}

/** Those whose names do not begin so: the Supervisor gets its key, be it the right one, and a heartbeat any of the node's tokens. */
function withoutNames(secrets: Record<string, string>, prefix: string): Record<string, string> {
  return Object.fromEntries(Object.entries(secrets).filter(([name]) => !name.startsWith(prefix)));
}

function asRequest({ line, headers }: ForwardProxy['requests'][number]): RecordedRequest {
  return {
    method: '',
    path: line,
    rawHeaders: Object.entries(headers).flatMap(([name, value]) => [name, String(value)]),
    body: '',
    answer: '',
  };
}
