import { readApps, readAppsProgress } from '../answers/app-state.js';
import { readDevice, readDeviceName, readTags, readVersion, readVpn } from '../answers/device.js';
import { readHostConfig } from '../answers/host-config.js';
import { readDeviceInfo, readTargetState } from '../answers/local.js';
import { readContainerReceipt, readSingleContainer } from '../answers/single-container.js';
import { readContainerId, readContainers, readStateStatus } from '../answers/state-status.js';
import type { UpdateReceipt } from '../answers/update-receipt.js';
import type { Endpoint } from './endpoint.js';
import { readKey, readNothing, readWord } from '../answers/read-answer.js';

const read = { key: 'required', effect: 'read', deadline: 'read' } as const;

/** Before 12.2.11, the Supervisor loses the refusal of a lock before it can answer. */
const serviceSilence = 'Supervisors before 12.2.11 do not answer while a service of the app holds its update lock.';
const lockSilence = 'Supervisors before 16.7.8 do not answer while another of their operations holds the locks.';

const write = { key: 'required', effect: 'write', deadline: 'lockable' } as const;
const lockable = { ...write, silence: lockSilence } as const;
const containers = { ...lockable, deadline: 'containers' } as const;
const service = { ...containers, silence: `${serviceSilence} ${lockSilence}` } as const;

const done = readNothing(() => {});
const accepted = readNothing((): UpdateReceipt => ({ outcome: 'accepted' }));
const triggered = readNothing((): UpdateReceipt => ({ outcome: 'triggered' }));

/**
 * Every endpoint of the Supervisor.
 *
 * @see https://docs.balena.io/reference/supervisor/supervisor-api/
 */
export const endpoints = {
  // Since 10.3.7 it requires no key.
  ping: {
    ...read,
    key: 'optional',
    method: 'GET',
    path: '/ping',
    since: '1.0.0',
    answers: { 200: readWord(['OK'], undefined) },
  },
  healthy: {
    ...read,
    key: 'optional',
    method: 'GET',
    path: '/v1/healthy',
    since: '6.5.0',
    silence: 'Supervisors 10.3.8 to 10.10.14 do not answer if their checks fail.',
    answers: { 200: readWord(['OK'], true), 500: readWord(['Unhealthy', 'Internal Server Error'], false) },
  },

  device: { ...read, method: 'GET', path: '/v1/device', since: '1.6.0', answers: { 200: readDevice } },
  deviceName: { ...read, method: 'GET', path: '/v2/device/name', since: '9.11.0', answers: { 200: readDeviceName } },
  vpn: { ...read, method: 'GET', path: '/v2/device/vpn', since: '11.4.0', answers: { 200: readVpn } },
  version: { ...read, method: 'GET', path: '/v2/version', since: '7.21.0', answers: { 200: readVersion } },
  update: {
    ...write,
    method: 'POST',
    path: '/v1/update',
    since: '1.1.0',
    answers: { 202: accepted, 204: triggered },
  },
  reboot: { ...containers, method: 'POST', path: '/v1/reboot', since: '1.1.0', answers: { 202: done } },
  shutdown: { ...containers, method: 'POST', path: '/v1/shutdown', since: '1.1.0', answers: { 202: done } },
  blink: { ...write, method: 'POST', path: '/v1/blink', since: '1.1.0', answers: { 200: done } },
  regenerateApiKey: {
    ...write,
    method: 'POST',
    path: '/v1/regenerate-api-key',
    since: '1.1.0',
    answers: { 200: readKey },
  },
  // A GET that deletes.
  cleanUpVolumes: { ...write, method: 'GET', path: '/v2/cleanup-volumes', since: '10.0.0', answers: { 200: done } },

  tags: {
    ...read,
    method: 'GET',
    path: '/v2/device/tags',
    since: '9.11.0',
    needsCloud: true,
    silence: 'Supervisors 10.3.8 to 10.11.1 do not answer if they cannot reach the cloud.',
    answers: { 200: readTags },
  },
  setTags: {
    ...write,
    method: 'PATCH',
    path: '/v2/device/tags',
    since: '17.8.0',
    needsCloud: true,
    answers: { 202: done },
  },
  hostConfig: {
    ...read,
    method: 'GET',
    path: '/v1/device/host-config',
    since: '6.6.0',
    answers: { 200: readHostConfig },
  },
  changeHostConfig: {
    ...lockable,
    method: 'PATCH',
    path: '/v1/device/host-config',
    since: '6.6.0',
    answers: { 200: done },
  },

  stateStatus: { ...read, method: 'GET', path: '/v2/state/status', since: '9.7.0', answers: { 200: readStateStatus } },
  containers: { ...read, method: 'GET', path: '/v2/containerId', since: '8.6.0', answers: { 200: readContainers } },
  containerId: { ...read, method: 'GET', path: '/v2/containerId', since: '8.6.0', answers: { 200: readContainerId } },

  apps: { ...read, method: 'GET', path: '/v2/applications/state', since: '7.12.0', answers: { 200: readApps } },
  appState: {
    ...read,
    method: 'GET',
    path: '/v2/applications/:appId/state',
    since: '7.12.0',
    answers: { 200: readAppsProgress },
  },
  restartApp: {
    ...containers,
    method: 'POST',
    path: '/v2/applications/:appId/restart',
    since: '7.0.0',
    answers: { 200: done },
  },
  purgeApp: {
    ...containers,
    method: 'POST',
    path: '/v2/applications/:appId/purge',
    since: '7.0.0',
    answers: { 200: done },
  },
  startService: {
    ...service,
    deadline: 'lockable',
    withoutForce: true,
    method: 'POST',
    path: '/v2/applications/:appId/start-service',
    since: '7.0.0',
    answers: { 200: done },
  },
  stopService: {
    ...service,
    method: 'POST',
    path: '/v2/applications/:appId/stop-service',
    since: '7.0.0',
    answers: { 200: done },
  },
  restartService: {
    ...service,
    method: 'POST',
    path: '/v2/applications/:appId/restart-service',
    since: '7.0.0',
    answers: { 200: done },
  },

  singleContainer: {
    ...read,
    method: 'GET',
    path: '/v1/apps/:appId',
    since: '1.8.0',
    answers: { 200: readSingleContainer },
  },
  startSingleContainer: {
    ...lockable,
    withoutForce: true,
    method: 'POST',
    path: '/v1/apps/:appId/start',
    since: '1.8.0',
    answers: { 200: readContainerReceipt },
  },
  stopSingleContainer: {
    ...containers,
    method: 'POST',
    path: '/v1/apps/:appId/stop',
    since: '1.8.0',
    answers: { 200: readContainerReceipt },
  },
  restartSingleContainer: {
    ...containers,
    method: 'POST',
    path: '/v1/restart',
    since: '1.1.0',
    answers: { 200: done },
  },
  purgeSingleContainer: { ...containers, method: 'POST', path: '/v1/purge', since: '1.1.0', answers: { 200: done } },

  localDeviceInfo: {
    ...read,
    method: 'GET',
    path: '/v2/local/device-info',
    since: '7.21.0',
    answers: { 200: readDeviceInfo },
  },
  localTargetState: {
    ...read,
    method: 'GET',
    path: '/v2/local/target-state',
    since: '7.21.0',
    answers: { 200: readTargetState },
  },
  setLocalTargetState: {
    ...write,
    method: 'POST',
    path: '/v2/local/target-state',
    since: '7.21.0',
    answers: { 200: done },
  },

  // Streams: a 200 opens them; their content is not read here.
  localLogs: { ...read, method: 'GET', path: '/v2/local/logs', since: '7.21.0', answers: { 200: done } },
  journalLogs: { ...read, method: 'POST', path: '/v2/journal-logs', since: '10.2.0', answers: { 200: done } },
} as const satisfies Record<string, Endpoint<unknown>>;

/** The endpoint with this method and path, if the table has it. */
export function findEndpoint(method: string, path: string): Endpoint<unknown> | undefined {
  return Object.values<Endpoint<unknown>>(endpoints).find(
    (endpoint) => endpoint.method === method && patternOf(endpoint.path).test(path),
  );
}

/** The Supervisor also accepts paths in capital letters and with a trailing slash. */
function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(':appId', '[^/]+')}/?$`, 'i');
}
