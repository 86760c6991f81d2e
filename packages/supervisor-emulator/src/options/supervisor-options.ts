import { makeApps } from './app-options.js';
import type { AppOptions, KeyOptions } from './app-options.js';
import { eraOf, oldestVersion } from '../eras/era.js';
import type { Era } from '../eras/era.js';
import type { ApiKey, Model, OsVariant } from '../model/model.js';
import { systemClock } from '../device/clock.js';
import type { Clock } from '../device/clock.js';
import { isFault } from '../transport/fault.js';
import { hostOptionNames, makeHost } from './host-options.js';
import type { HostOptions } from './host-options.js';
import { OptionError } from './option-error.js';
import { emptyJournal } from '../model/journal.js';
import { recordStart } from '../journal/record.js';
import { enterLocalMode } from '../local-target/local-mode.js';
import { startTarget } from '../apply/start-apply.js';
import { changeApps } from '../transitions/change-apps.js';
import { isAtLeast } from '../eras/supervisor-version.js';
import type { Fault } from '../transport/fault.js';

/** The options of an emulated Supervisor. Every default fits a device with one service. */
export interface SupervisorOptions extends HostOptions {
  /**
   * The key in `BALENA_SUPERVISOR_API_KEY` of the first service of the first app. Letters, digits and underscores.
   * @default 32 random hex digits
   */
  apiKey?: string;
  /**
   * The Supervisor's own key, valid for every app. Letters, digits and underscores.
   * @default 32 random hex digits
   */
  globalApiKey?: string;
  /** Additional keys, besides those of the services and the Supervisor's own. @default none */
  keys?: readonly KeyOptions[];
  /** @default one app with the ID 1234567 and one service, `main` */
  apps?: readonly AppOptions[];
  /**
   * The version to emulate, from 6.0.0 on. Versions above 19.0.5 answer like 19.0.5.
   * @default '19.0.5'
   */
  supervisorVersion?: string;
  /**
   * Adds the relay that devices have in 18.0.0, and in 19.0.0 and later. It answers `/ping` and `/v1/update` itself,
   * without a key, and returns 502 while the Supervisor behind it restarts.
   * @default depends on the version
   */
  relay?: boolean;
  /** @default 'balenaOS 6.5.10' */
  osVersion?: string;
  /** The OS image. Before 12.10.10, an unmanaged device with a production image needs a key. @default 'prod' */
  osVariant?: OsVariant;
  /** The device's addresses, separated by spaces; empty: it has none. @default '192.0.2.2' */
  ipAddress?: string;
  /** The device's MAC addresses, separated by spaces. @default '02:00:5E:00:53:01' */
  macAddress?: string;
  /** Local mode: no key is needed, and the apps do not run. @default false */
  localMode?: boolean;
  /** Whether `POST /v1/update` is applied without `force`. @default true */
  instantUpdates?: boolean;
  /** How long the images of a new release take to download. @default 5000 */
  downloadDurationMs?: number;
  /** How long a reboot takes, from its acceptance until the device answers again. @default 3000 */
  rebootDurationMs?: number;
  /** How long the Supervisor alone takes to restart, as after a crash. @default 1500 */
  restartDurationMs?: number;
  /** How requests fail from the start; see `Supervisor.setFault`. @default 'none' */
  fault?: Fault;
  /** Serves a status page at `/`. A real Supervisor has none. @default false */
  page?: boolean;
  /**
   * A folder that holds the locks as files, in the layout of `/tmp/balena-supervisor/services` on a device:
   * `<folder>/<appId>/<serviceName>/updates.lock`. A file that a service creates there is a lock, `force` removes it, and the
   * locks that the Supervisor itself holds are files there, too. The folder is created if it does not exist.
   * @default none: only `lock()` takes locks
   */
  lockFiles?: string;
  /** @default the system's time */
  clock?: Clock;
  /** The seed of container, image and boot IDs: the same seed and times give the same IDs. @default 'balena' */
  seed?: string;
}

export interface ResolvedOptions {
  fault: Fault;
  clock: Clock;
  relay: boolean;
  page: boolean;
  /** undefined if locks are not files. */
  lockFiles: string | undefined;
  model: Model;
}

const defaults = {
  apps: [{ appId: 1_234_567 }],
  supervisorVersion: '19.0.5',
  osVersion: 'balenaOS 6.5.10',
  osVariant: 'prod',
  ipAddress: '192.0.2.2',
  macAddress: '02:00:5E:00:53:01',
  localMode: false,
  instantUpdates: true,
  downloadDurationMs: 5000,
  rebootDurationMs: 3000,
  restartDurationMs: 1500,
  page: false,
  keys: [],
  fault: 'none',
  clock: systemClock,
  seed: 'balena',
} satisfies SupervisorOptions;

const known = new Set([...Object.keys(defaults), ...hostOptionNames, 'apiKey', 'globalApiKey', 'lockFiles', 'relay']);

/** Checks the options and builds the first model. @throws OptionError that names the option. */
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
  checkVersion(resolved.supervisorVersion);
  check(resolved.osVariant === 'prod' || resolved.osVariant === 'dev', 'osVariant', "'prod' or 'dev'");
  for (const name of ['localMode', 'instantUpdates', 'page'] as const) {
    check(typeof resolved[name] === 'boolean', name, 'a boolean');
  }
  for (const name of ['downloadDurationMs', 'rebootDurationMs', 'restartDurationMs'] as const) {
    check(Number.isFinite(resolved[name]) && resolved[name] >= 0, name, 'a number of milliseconds, 0 or more');
  }
  const { lockFiles, relay = !eraOf(resolved.supervisorVersion).relayIsMissing } = resolved;
  check(typeof relay === 'boolean', 'relay', 'a boolean');
  check(
    lockFiles === undefined || (typeof lockFiles === 'string' && lockFiles !== ''),
    'lockFiles',
    'the path of a folder',
  );
  check(isFault(resolved.fault), 'fault', 'one of the documented faults');
  check(typeof resolved.clock?.now === 'function', 'clock', 'an object with a function now()');
  const { host, cloud } = makeHost(resolved, resolved.seed, check);
  const era = eraOf(resolved.supervisorVersion);
  const present = cloud === 'none' ? (options.apps ?? []) : resolved.apps;
  const { apps, keys, keySecret } = makeAppsAndKeys(resolved, present, era);
  const managed: Model = {
    seed: resolved.seed,
    device: {
      ipAddress: resolved.ipAddress,
      macAddress: resolved.macAddress,
      osVersion: resolved.osVersion,
      osVariant: resolved.osVariant,
      supervisorVersion: resolved.supervisorVersion,
    },
    era,
    host,
    cloud,
    cloudDownSince: undefined,
    timings: {
      downloadDurationMs: resolved.downloadDurationMs,
      rebootDurationMs: resolved.rebootDurationMs,
      restartDurationMs: resolved.restartDurationMs,
    },
    keys,
    keySecret,
    localMode: false,
    instantUpdates: resolved.instantUpdates,
    healthy: true,
    engine: 'running',
    hostUpdate: false,
    blinkingUntil: -Infinity,
    boots: 1,
    starts: 1,
    outage: undefined,
    apps,
    cloudApps: undefined,
    journal: emptyJournal,
  };
  return {
    fault: resolved.fault,
    clock: resolved.clock,
    relay,
    page: resolved.page,
    lockFiles,
    model: recordStart(
      resolved.localMode || cloud === 'none' ? enterLocalMode(managed) : installing(managed, resolved),
    ),
  };
}

// An app that is not installed is on its way from the start.
function installing(model: Model, { clock }: { clock: Clock }): Model {
  return changeApps(model, (app) =>
    app.release.commit === '' ? startTarget(model, app, { force: false, failures: 0 }, clock.now()) : app,
  );
}

function makeAppsAndKeys(
  options: SupervisorOptions & { clock: Clock; seed: string; downloadDurationMs: number },
  appOptions: readonly AppOptions[],
  era: Era,
): Pick<Model, 'apps' | 'keys' | 'keySecret'> {
  const { oneKeyForAll } = era;
  const keySecret = randomKey();
  const { seed, clock, keys = [] } = options;
  const onlyKey = oneKeyForAll ? options.globalApiKey : undefined;
  const firstKey = checkKey(options.apiKey ?? onlyKey ?? randomKey(), 'apiKey');
  const globalKey = checkKey(options.globalApiKey ?? (oneKeyForAll ? firstKey : randomKey()), 'globalApiKey');
  const { downloadDurationMs } = options;
  const making = {
    seed,
    keySecret,
    firstKey,
    oneKeyForAll,
    era,
    downloadDurationMs,
    now: clock.now(),
    check,
    checkKey,
  };
  const made = makeApps(appOptions, making);
  check(Array.isArray(keys), 'keys', 'an array');
  const others = keys.map(({ key, appId }, index): ApiKey => {
    check(Number.isSafeInteger(appId) && appId > 0, `keys[${index}].appId`, 'a positive integer');
    return { key: checkKey(key, `keys[${index}].key`), appId, serviceName: undefined };
  });
  // A device without an app has a key without an app, so that `apiKey` always exists.
  const [first = { key: firstKey, appId: 0, serviceName: undefined }, ...rest] = made.keys;
  const all = [first, ...rest, { key: globalKey, appId: undefined, serviceName: undefined }, ...others];
  const areDifferent = new Set(all.map(({ key }) => key)).size === all.length;
  check(areDifferent || oneKeyForAll, 'keys', 'unique');
  return { apps: made.apps, keySecret, keys: all };
}

function checkVersion(version: string): void {
  check(/^\d+\.\d+\.\d+/.test(version), 'supervisorVersion', 'a version such as 19.0.5');
  check(
    isAtLeast(version, oldestVersion),
    'supervisorVersion',
    `${oldestVersion} or later, because older versions are not emulated`,
  );
}

/** Whether the Supervisor would accept this key in a header. */
export function isKey(key: unknown): boolean {
  return typeof key === 'string' && /^\w+$/.test(key);
}

/** The form of a key, in an error message. */
export const keyForm = 'a string of letters, digits and underscores';

// The error does not show the key.
function checkKey(key: string, option: string): string {
  check(isKey(key), option, keyForm);
  return key;
}

/** A key in the form of the Supervisor's own. */
export function randomKey(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('hex');
}

function check(holds: boolean, name: string, expected: string): void {
  if (!holds) throw new OptionError(name, `must be ${expected}.`);
}
