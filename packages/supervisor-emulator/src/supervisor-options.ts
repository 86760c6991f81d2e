import { hexId, makeContainers, makeRelease } from './model.js';
import type { App, Model } from './model.js';
import { isFault } from './fault.js';
import { hostOptionNames, makeHost } from './host/host-options.js';
import type { HostOptions } from './host/host-options.js';
import { enterLocalMode } from './local-target/local-mode.js';
import type { Fault } from './fault.js';

/** What can be chosen about an emulated Supervisor. Everything has a default that fits a device with one service. */
export interface SupervisorOptions extends HostOptions {
  /**
   * The key a service of the first app has in `BALENA_SUPERVISOR_API_KEY`. Letters, digits and underscores.
   * @default 32 random hex digits
   */
  readonly apiKey?: string;
  /**
   * The Supervisor's own key, valid for every app. Letters, digits and underscores.
   * @default 32 random hex digits
   */
  readonly globalApiKey?: string;
  /** @default one app with the ID 1234567 and one service, `main` */
  readonly apps?: readonly AppOptions[];
  /** @default '19.0.5', the version whose answers this package gives */
  readonly supervisorVersion?: string;
  /** @default 'balenaOS 6.5.10' */
  readonly osVersion?: string;
  /** The device's addresses, separated by spaces. @default '192.0.2.2' */
  readonly ipAddress?: string;
  /** The device's MAC addresses, separated by spaces. @default '02:00:5E:00:53:01' */
  readonly macAddress?: string;
  /** Local mode: no key is asked for, and the apps do not run. @default false */
  readonly localMode?: boolean;
  /** Whether `POST /v1/update` is applied without `force`. @default true */
  readonly instantUpdates?: boolean;
  /** How long the images of a new release take to download. @default 5000 */
  readonly downloadDurationMs?: number;
  /** How long a reboot takes, from accepted to answering again. @default 3000 */
  readonly rebootDurationMs?: number;
  /** How requests fail, for a start; see `Supervisor.setFault`. @default 'none' */
  readonly fault?: Fault;
  /** @default the system's time */
  readonly clock?: Clock;
  /** What container, image and boot IDs are derived from: the same seed and times give the same IDs. @default 'balena' */
  readonly seed?: string;
}

export interface AppOptions {
  readonly appId: number;
  /** @default 'myfleet' */
  readonly appName?: string;
  /** The running release. @default 32 hex digits derived from the seed */
  readonly commit?: string;
  /** The names of its services, in the order of their image IDs. @default ['main'] */
  readonly services?: readonly string[];
}

/** Where the emulator takes the time from. */
export interface Clock {
  /** ms since the epoch. All progress is derived from it. */
  now(): number;
  /**
   * Resolves after the time has passed, rejects when aborted. It ends a reboot by itself while the emulator listens;
   * on a clock without it, `Supervisor.finishReboot()` does, or the next look at the emulator after `rebootDurationMs`.
   */
  sleep?(ms: number, signal: AbortSignal): Promise<void>;
}

export interface ResolvedOptions {
  readonly apiKey: string;
  readonly globalApiKey: string;
  readonly fault: Fault;
  readonly clock: Clock;
  readonly model: Model;
}

const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, ms);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(new Error('The wait was given up.'));
      });
    }),
};

const defaults = {
  apps: [{ appId: 1_234_567 }],
  supervisorVersion: '19.0.5',
  osVersion: 'balenaOS 6.5.10',
  ipAddress: '192.0.2.2',
  macAddress: '02:00:5E:00:53:01',
  localMode: false,
  instantUpdates: true,
  downloadDurationMs: 5000,
  rebootDurationMs: 3000,
  fault: 'none',
  clock: systemClock,
  seed: 'balena',
} satisfies SupervisorOptions;

const known = new Set([...Object.keys(defaults), ...hostOptionNames, 'apiKey', 'globalApiKey']);

/** Checks the options and makes the first model of them; a mistake is a TypeError that names the option. */
export function resolveOptions(options: SupervisorOptions): ResolvedOptions {
  check(typeof options === 'object' && options !== null, 'options', 'an object');
  for (const name of Object.keys(options)) {
    if (!known.has(name)) throw new TypeError(`createSupervisor: unknown option "${name}".`);
  }
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const resolved = { ...defaults, ...(Object.fromEntries(given) as SupervisorOptions) };
  for (const name of ['supervisorVersion', 'osVersion', 'ipAddress', 'macAddress', 'seed'] as const) {
    check(typeof resolved[name] === 'string', name, 'a string');
  }
  for (const name of ['localMode', 'instantUpdates'] as const) {
    check(typeof resolved[name] === 'boolean', name, 'a boolean');
  }
  for (const name of ['downloadDurationMs', 'rebootDurationMs'] as const) {
    check(Number.isFinite(resolved[name]) && resolved[name] >= 0, name, 'a number of milliseconds, 0 or more');
  }
  check(isFault(resolved.fault), 'fault', 'one of the documented faults');
  check(typeof resolved.clock?.now === 'function', 'clock', 'an object with a function now()');
  const { host, cloud } = makeHost(resolved, resolved.seed, check);
  const managed: Model = {
    seed: resolved.seed,
    device: {
      ipAddress: resolved.ipAddress,
      macAddress: resolved.macAddress,
      osVersion: resolved.osVersion,
      supervisorVersion: resolved.supervisorVersion,
    },
    host,
    cloud,
    timings: { downloadDurationMs: resolved.downloadDurationMs, rebootDurationMs: resolved.rebootDurationMs },
    localMode: false,
    instantUpdates: resolved.instantUpdates,
    healthy: true,
    boots: 1,
    rebootingSince: null,
    apps: makeApps(cloud === 'none' ? (options.apps ?? []) : resolved.apps, resolved.seed, resolved.clock.now()),
    cloudApps: null,
    leftImages: [],
  };
  return {
    apiKey: checkKey(resolved.apiKey ?? randomKey(), 'createSupervisor: apiKey'),
    globalApiKey: checkKey(resolved.globalApiKey ?? randomKey(), 'createSupervisor: globalApiKey'),
    fault: resolved.fault,
    clock: resolved.clock,
    model: resolved.localMode || cloud === 'none' ? enterLocalMode(managed) : managed,
  };
}

/** The key, if it is one the Supervisor would accept in a header; the error does not show it. */
export function checkKey(key: string, name: string): string {
  const isKey = typeof key === 'string' && /^\w+$/.test(key);
  if (!isKey) throw new TypeError(`${name} must be made of letters, digits and underscores.`);
  return key;
}

/** A key in the form of the Supervisor's own. */
export function randomKey(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('hex');
}

function makeApps(apps: readonly AppOptions[], seed: string, now: number): App[] {
  check(Array.isArray(apps), 'apps', 'an array');
  const ids = new Set(apps.map(({ appId }) => appId));
  check(ids.size === apps.length, 'apps', 'an array of apps with different IDs');
  return apps.map(({ appId, appName = 'myfleet', commit, services = ['main'] }, index) => {
    const name = `apps[${index}]`;
    check(Number.isSafeInteger(appId) && appId > 0, `${name}.appId`, 'a positive integer');
    check(typeof appName === 'string', `${name}.appName`, 'a string');
    check(commit === undefined || isCommit(commit), `${name}.commit`, 'a string that is not empty');
    const isList =
      Array.isArray(services) && services.every((service) => typeof service === 'string' && service !== '');
    check(isList && new Set(services).size === services.length, `${name}.services`, 'an array of different names');
    const running = commit ?? hexId(seed, 'commit', appId).slice(0, 32);
    const release = makeRelease(seed, appId, running, services, firstImageId + 1000 * index);
    const containers = makeContainers(seed, release, now);
    return { appId, appName, release, containers, target: release, lockedBy: null, update: null };
  });
}

/** Whether this can be a release's commit. */
export function isCommit(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function check(holds: boolean, name: string, expected: string): void {
  if (!holds) throw new TypeError(`createSupervisor: ${name} must be ${expected}.`);
}

const firstImageId = 959_262;
