import { hexId } from '../model/model.js';
import type { Era } from '../eras/era.js';
import type { ApiKey, App, ReleaseService } from '../model/model.js';
import { labelsWith } from '../model/strategy.js';
import type { UpdateStrategy } from '../model/strategy.js';
import { emptyApp, makeApp, makeRelease } from '../model/releases.js';
import { serviceMistake } from './check-service.js';

/** An app that runs from the start. */
export interface AppOptions {
  /** As in `BALENA_APP_ID`. */
  appId: number;
  /** @default 32 hex digits derived from the seed */
  appUuid?: string;
  /** @default 'myfleet', or 'myfleet-2' and so on for further apps */
  appName?: string;
  /** The running release. @default 32 hex digits derived from the seed */
  commit?: string;
  /** @default counted up from 557617 */
  releaseId?: number;
  /** Whether its release is installed. If not, the Supervisor begins with that at once. @default true */
  installed?: boolean;
  /** Its services, by name or in detail, in the order of their image IDs. @default ['main'] */
  services?: readonly (string | ServiceOptions)[];
}

/** A service of an app. */
export interface ServiceOptions {
  /** As in `docker-compose.yml`. */
  serviceName: string;
  /** @default counted up from 29396 */
  serviceId?: number;
  /** @default counted up from 959262; from 1000 more for each further app */
  imageId?: number;
  /** The image's name in its registry. */
  image?: string;
  /** The image's ID in the engine, with `sha256:`. */
  dockerImageId?: string;
  /** Variables of this service; `GET /v1/apps/:appId` shows them. @default none */
  environment?: Readonly<Record<string, string>>;
  /** Its labels. @default that of a service with access to the Supervisor's API */
  labels?: Readonly<Record<string, string>>;
  /** In which order image and container are replaced. @default 'download-then-kill' */
  strategy?: UpdateStrategy;
  /** How long its container takes to stop, such as 10,000 if it ignores SIGTERM. @default 400 */
  stopDurationMs?: number;
  /** Its key, for `BALENA_SUPERVISOR_API_KEY`. @default random for the first service of the first app (see `apiKey`), derived from that for others */
  apiKey?: string;
}

/** An additional key, which belongs to no service. */
export interface KeyOptions {
  /** Letters, digits and underscores. */
  key: string;
  /** The app that it is valid for. The app need not be on the device. */
  appId: number;
}

type Check = (holds: boolean, name: string, expected: string) => void;

interface Making {
  seed: string;
  keySecret: string;
  /** Of the first service of the first app, unless that has one of its own. */
  firstKey: string;
  /** Whether all services have that key, as in older versions. */
  oneKeyForAll: boolean;
  era: Era;
  downloadDurationMs: number;
  now: number;
  check: Check;
  checkKey: (key: string, name: string) => string;
}

/** Checks the options and builds the apps and the keys of their services. */
export function makeApps(options: readonly AppOptions[], making: Making): { apps: App[]; keys: ApiKey[] } {
  const { check, seed, now } = making;
  check(Array.isArray(options), 'apps', 'an array');
  const ids = new Set(options.map(({ appId }) => appId));
  check(ids.size === options.length, 'apps', 'an array of apps with unique IDs');
  const made = options.map((given, index) => {
    const name = `apps[${index}]`;
    const appName = given.appName ?? (index === 0 ? 'myfleet' : `myfleet-${index + 1}`);
    checkApp(given, appName, name, check);
    const services = (given.services ?? ['main']).map((each) =>
      typeof each === 'string' ? { serviceName: each } : each,
    );
    const keys = makeKeys(given.appId, services, name, making, index === 0);
    const release = makeRelease(seed, given.appId, {
      commit: given.commit ?? hexId(seed, 'commit', given.appId).slice(0, 32),
      releaseId: given.releaseId ?? firstReleaseId + 1000 * index,
      firstImageId: firstImageId + 1000 * index,
      downloadDurationMs: given.installed === false ? making.downloadDurationMs : 0,
      services: services.map((service) => describeService(making.era, service)),
    });
    const appUuid = given.appUuid ?? hexId(seed, 'app', given.appId).slice(0, 32);
    const keyOf = (serviceName: string): string => keys.find((entry) => entry.serviceName === serviceName)?.key ?? '';
    const named = { appId: given.appId, appUuid, appName };
    return {
      app: given.installed === false ? emptyApp(named, release) : makeApp(seed, named, release, keyOf, now),
      keys,
    };
  });
  const names = made.map(({ app }) => app.appName);
  check(new Set(names).size === names.length, 'apps', 'an array of apps with unique names');
  return { apps: made.map(({ app }) => app), keys: made.flatMap(({ keys }) => keys) };
}

function describeService(
  era: Era,
  { apiKey: _apiKey, strategy, ...service }: ServiceOptions,
): Partial<ReleaseService> & { serviceName: string } {
  const labels = labelsWith(era, service.labels, strategy);
  return labels === undefined ? service : { ...service, labels };
}

/** Whether this can be a release's commit. */
export function isCommit(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function checkApp(given: AppOptions, appName: string, name: string, check: Check): void {
  const { appId, appUuid, commit, releaseId, installed = true, services = ['main'] } = given;
  check(typeof installed === 'boolean', `${name}.installed`, 'a boolean');
  check(isId(appId), `${name}.appId`, 'a positive integer');
  check(typeof appName === 'string', `${name}.appName`, 'a string');
  check(appUuid === undefined || isCommit(appUuid), `${name}.appUuid`, 'a non-empty string');
  check(commit === undefined || isCommit(commit), `${name}.commit`, 'a non-empty string');
  check(releaseId === undefined || isId(releaseId), `${name}.releaseId`, 'a positive integer');
  const serviceNames = Array.isArray(services)
    ? services.map((each: unknown) => (typeof each === 'string' ? each : (each as ServiceOptions | null)?.serviceName))
    : [undefined];
  const isList = serviceNames.every((each) => typeof each === 'string' && each !== '');
  check(
    isList && new Set(serviceNames).size === serviceNames.length,
    `${name}.services`,
    'an array of unique service names',
  );
  for (const [index, service] of services.entries()) {
    const mistake = typeof service === 'string' ? undefined : serviceMistake(service);
    const [what = '', expected = ''] = mistake?.split(' must be ') ?? [];
    check(mistake === undefined, `${name}.services[${index}].${what}`, expected.replace(/\.$/, ''));
  }
}

function makeKeys(
  appId: number,
  services: readonly ServiceOptions[],
  name: string,
  { keySecret, firstKey, oneKeyForAll, checkKey }: Making,
  isFirstApp: boolean,
): ApiKey[] {
  return services.map(({ serviceName, apiKey }, index) => {
    const made = hexId(keySecret, 'key', appId, serviceName).slice(0, 32);
    const key = apiKey ?? (oneKeyForAll || (isFirstApp && index === 0) ? firstKey : made);
    return { key: checkKey(key, `${name}.services: apiKey of ${serviceName}`), appId, serviceName };
  });
}

function isId(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

const firstImageId = 959_262;
const firstReleaseId = 557_617;
