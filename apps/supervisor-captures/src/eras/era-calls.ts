import type { EndpointName } from '../recordings/endpoint-of.js';

/**
 * The endpoint that each call of the file asks for. Behind the name may stand `NoKey` for a client without a key, `B` for
 * another app than the client's own, and `ById` for a service by its image.
 */
const endpoints: Readonly<Record<string, EndpointName>> = {
  ping: 'ping',
  healthy: 'healthy',
  blink: 'blink',
  regenerateKey: 'regenerateApiKey',
  update: 'update',
  reboot: 'reboot',
  shutdown: 'shutdown',
  device: 'device',
  deviceName: 'deviceName',
  host: 'readHostConfig',
  patchHost: 'changeHostConfig',
  tags: 'readTags',
  setTags: 'setTags',
  vpn: 'vpn',
  version: 'version',
  single: 'singleContainerApp',
  startSingle: 'startApp',
  stopSingle: 'stopApp',
  restartSingle: 'restartApp',
  purgeSingle: 'purgeApp',
  apps: 'appsState',
  appState: 'appState',
  restartApp: 'restartServices',
  purgeApp: 'purgeServices',
  startService: 'startService',
  stopService: 'stopService',
  restartService: 'restartService',
  stateStatus: 'stateStatus',
  containers: 'containerId',
  containerId: 'containerId',
  cleanUpVolumes: 'cleanUpVolumes',
  localTarget: 'readTargetState',
  setLocalTarget: 'setTargetState',
  deviceInfo: 'deviceInfo',
  localLogs: 'localLogs',
  journal: 'journalLogs',
};

/** What the name of a call says; the endpoint is undefined if it is no known one. */
export function readEraCall(call: string): { endpoint: EndpointName | undefined; isKeyless: boolean } {
  const [, name = '', suffix] = /^(.*?)(NoKey|B|ById)?$/.exec(call) ?? [];
  return { endpoint: Object.hasOwn(endpoints, name) ? endpoints[name] : undefined, isKeyless: suffix === 'NoKey' };
}
