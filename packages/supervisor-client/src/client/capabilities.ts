import { endpoints } from '../endpoints/endpoints.js';
import { toSupervisorError } from '../errors/to-supervisor-error.js';

/** What a Supervisor of a certain version can do. Each is true since the version in its comment. */
export interface Capabilities {
  /** `hostConfig`, since 6.6 */
  hostConfig: boolean;
  /** Apps with several services: `app()`, since 7.0 */
  multiContainer: boolean;
  /** `apps.list()` and `app().state()`, since 7.12 */
  appState: boolean;
  /** `local`, and `localLogs`, since 7.21 */
  localMode: boolean;
  /** `app().service(name)` with a name instead of an image ID, since 8.3 */
  serviceByName: boolean;
  /** `containers()` and `containerId()`, since 8.6 */
  containerId: boolean;
  /** `stateStatus()`, since 9.7 */
  stateStatus: boolean;
  /** `deviceName()`, since 9.11 */
  deviceName: boolean;
  /** `tags.list()`, since 9.11 */
  tags: boolean;
  /** `cleanUpVolumes()`, since 10.0 */
  cleanUpVolumes: boolean;
  /** `journalLogs`, since 10.2 */
  journalLogs: boolean;
  /** `journalLogs` with a `format` of text; older ones give entries (`json`), too. Since 10.3 */
  journalLogsFormat: boolean;
  /** `journalLogs` with `containerId`, since 10.9 */
  journalLogsContainerId: boolean;
  /** `Authorization: Bearer`, for your own requests: this client sends `ApiKey`, which older ones accept, too. Since 11.3 */
  bearerKey: boolean;
  /** `vpn()`, since 11.4 */
  vpn: boolean;
  /** Keys that give access to their own app only, so that `out-of-scope` is possible, since 11.14.4 */
  scopedKeys: boolean;
  /** `locked` instead of no answer from `app().service(...)` while an update lock is held, since 12.2.11 */
  serviceLockAnswer: boolean;
  /** `hostConfig.change` of a part of the proxy, which older ones treat as the whole proxy, since 12.4 */
  proxyParts: boolean;
  /** `update({ force })` while instant updates are disabled, since 14.5 */
  forcedInstantUpdate: boolean;
  /** `journalLogs` with `since` and `until`, since 14.7 */
  journalLogsSince: boolean;
  /** `dns` in the proxy of `hostConfig`, since 16.6 */
  proxyDns: boolean;
  /** `update({ cancel })`, since 17.1 */
  updateCancel: boolean;
  /** `updateStatus`, `appUuid` and `image` in `apps.list()`, since 17.7 */
  appUpdateStatus: boolean;
  /** `tags.set()`, since 17.8 */
  setTags: boolean;
}

const since = {
  hostConfig: endpoints.hostConfig.since,
  multiContainer: endpoints.restartService.since,
  appState: endpoints.appState.since,
  localMode: endpoints.localTargetState.since,
  serviceByName: '8.3.0',
  containerId: endpoints.containerId.since,
  stateStatus: endpoints.stateStatus.since,
  deviceName: endpoints.deviceName.since,
  tags: endpoints.tags.since,
  cleanUpVolumes: endpoints.cleanUpVolumes.since,
  journalLogs: endpoints.journalLogs.since,
  journalLogsFormat: '10.3.0',
  journalLogsContainerId: '10.9.0',
  bearerKey: '11.3.0',
  vpn: endpoints.vpn.since,
  scopedKeys: '11.14.4',
  serviceLockAnswer: '12.2.11',
  proxyParts: '12.4.0',
  forcedInstantUpdate: '14.5.0',
  journalLogsSince: '14.7.0',
  proxyDns: '16.6.0',
  updateCancel: '17.1.0',
  appUpdateStatus: '17.7.0',
  setTags: endpoints.setTags.since,
} as const satisfies Record<keyof Capabilities, string>;

/**
 * What a Supervisor of this version can do. A leading `v`, and everything after the numbers, is ignored: a prerelease of
 * 17.1.0 counts as 17.1.0.
 *
 * @throws TypeError if `version` does not start with numbers such as 17.1 or 17.1.0. A guess would lead you to send what
 * the Supervisor silently ignores.
 */
export function capabilitiesOf(version: string): Capabilities {
  const capabilities = findCapabilities(version);
  if (capabilities !== undefined) return capabilities;
  throw new TypeError(`${JSON.stringify(version)} is not a Supervisor version: expected one such as 17.1.0.`);
}

/** What the Supervisor that answered with this version can do. */
export function capabilitiesOfAnswer(version: string): Capabilities {
  const capabilities = findCapabilities(version);
  if (capabilities !== undefined) return capabilities;
  throw toSupervisorError(
    { endpoint: endpoints.version, key: undefined },
    { code: 'unexpected-response', what: 'the answer is not a Supervisor version, such as 17.1.0.' },
  );
}

function findCapabilities(version: string): Capabilities | undefined {
  const numbers = numbersOf(version);
  if (numbers === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(since).map(([name, first]) => [name, !isBefore(numbers, numbersOf(first) ?? [])]),
  ) as unknown as Capabilities;
}

function numbersOf(version: unknown): number[] | undefined {
  const found = typeof version === 'string' ? /^\s*v?(\d+)\.(\d+)(?:\.(\d+))?(?![\d.])/i.exec(version) : null;
  return found?.slice(1).map((number) => Number(number ?? 0));
}

function isBefore(one: readonly number[], other: readonly number[]): boolean {
  const index = one.findIndex((number, place) => number !== other[place]);
  return index !== -1 && (one[index] ?? 0) < (other[index] ?? 0);
}
