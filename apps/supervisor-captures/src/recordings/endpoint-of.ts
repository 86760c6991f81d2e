import { routeOf, type RecordedRequest } from './recording.js';

/** The endpoints of the Supervisor, by names of ours; `:appId` stands for an ID in digits. */
const endpoints = {
  ping: 'GET /ping',
  healthy: 'GET /v1/healthy',
  blink: 'POST /v1/blink',
  regenerateApiKey: 'POST /v1/regenerate-api-key',
  update: 'POST /v1/update',
  reboot: 'POST /v1/reboot',
  shutdown: 'POST /v1/shutdown',
  restartApp: 'POST /v1/restart',
  purgeApp: 'POST /v1/purge',
  device: 'GET /v1/device',
  readHostConfig: 'GET /v1/device/host-config',
  changeHostConfig: 'PATCH /v1/device/host-config',
  singleContainerApp: 'GET /v1/apps/:appid',
  startApp: 'POST /v1/apps/:appid/start',
  stopApp: 'POST /v1/apps/:appid/stop',
  appsState: 'GET /v2/applications/state',
  appState: 'GET /v2/applications/:appid/state',
  restartServices: 'POST /v2/applications/:appid/restart',
  purgeServices: 'POST /v2/applications/:appid/purge',
  startService: 'POST /v2/applications/:appid/start-service',
  stopService: 'POST /v2/applications/:appid/stop-service',
  restartService: 'POST /v2/applications/:appid/restart-service',
  stateStatus: 'GET /v2/state/status',
  version: 'GET /v2/version',
  containerId: 'GET /v2/containerid',
  readTargetState: 'GET /v2/local/target-state',
  setTargetState: 'POST /v2/local/target-state',
  deviceInfo: 'GET /v2/local/device-info',
  localLogs: 'GET /v2/local/logs',
  deviceName: 'GET /v2/device/name',
  readTags: 'GET /v2/device/tags',
  setTags: 'PATCH /v2/device/tags',
  vpn: 'GET /v2/device/vpn',
  cleanUpVolumes: 'GET /v2/cleanup-volumes',
  journalLogs: 'POST /v2/journal-logs',
} as const;

export type EndpointName = keyof typeof endpoints;

/** Which endpoint a request is for. `appId` is 0 where the path has none. Undefined: for none that the Supervisor has. */
export function endpointOf(request: RecordedRequest): { name: EndpointName; appId: number } | undefined {
  const sent = `${request.method} ${routeOf(request)}`;
  for (const [name, endpoint] of Object.entries(endpoints)) {
    const match = new RegExp(`^${endpoint.replace(':appid', '([1-9]\\d{0,14})')}$`).exec(sent);
    if (match) return { name: name as EndpointName, appId: Number(match[1] ?? 0) };
  }
  return undefined;
}
