import { jsonOf } from '../compare/compare-outcomes.js';
import type { EndpointName } from '../recordings/endpoint-of.js';
import type { RecordedAnswer } from '../recordings/recording.js';

/** JSON as it was recorded, read without any check: a missing value is undefined. */
// oxlint-disable-next-line typescript/no-explicit-any -- what a real Supervisor sent is taken as it is
type Json = any;

/**
 * What a call of the client must return for a recorded success, said in plain JavaScript and without the client's own
 * schemas: if both are wrong, they are wrong in different ways. Calls without an entry return nothing.
 */
export function expectedResult(endpoint: EndpointName, answer: RecordedAnswer, appId: number): unknown {
  return results[endpoint]?.(jsonOf(answer), answer, appId);
}

type Meaning = (json: Json, answer: RecordedAnswer, appId: number) => unknown;

const results: Partial<Record<EndpointName, Meaning>> = {
  healthy: (_json, { status }) => status === 200,
  regenerateApiKey: (_json, { body }) => body,
  update: (_json, { status }) => ({ outcome: status === 204 ? 'triggered' : 'accepted' }),
  device: (json) =>
    withoutAbsent({
      apiPort: json.api_port,
      ipAddresses: json.ip_address?.split(' ') ?? [],
      macAddresses: json.mac_address?.split(' ') ?? [],
      osVersion: json.os_version,
      supervisorVersion: json.supervisor_version,
      updatePending: json.update_pending,
      updateFailed: json.update_failed,
      updateDownloaded: json.update_downloaded,
      commit: json.commit,
      status: json.status,
      downloadProgressPercent: json.download_progress,
    }),
  readHostConfig: ({ network: { hostname, proxy } }) =>
    withoutAbsent({
      hostname,
      proxy: proxy && Object.keys(proxy).length > 0 ? { ...proxy, port: proxy.port && Number(proxy.port) } : undefined,
    }),
  singleContainerApp: ({ imageId, ...app }) => withoutAbsent({ ...app, image: imageId }),
  startApp: ({ containerId }) => withoutAbsent({ containerId }),
  stopApp: ({ containerId }) => withoutAbsent({ containerId }),
  appsState: (json) => withoutAbsent(entries(json).map(([name, app]) => appState(name, app))),
  appState: (json, _answer, appId) =>
    withoutAbsent({
      appId,
      commit: json.commit,
      images: entries(json.local[appId].services).map(([imageId, { status, releaseId, download_progress }]) => ({
        imageId: Number(imageId),
        status,
        releaseId,
        downloadProgressPercent: download_progress,
      })),
    }),
  stateStatus: (json) =>
    withoutAbsent({
      appState: json.appState,
      overallDownloadProgressPercent: json.overallDownloadProgress,
      containers: json.containers,
      images: json.images.map(({ downloadProgress, ...image }: Json) => ({
        ...image,
        downloadProgressPercent: downloadProgress,
      })),
      release: json.release,
    }),
  version: ({ version }) => version,
  containerId: ({ containerId, services }) =>
    containerId ?? entries(services).map(([serviceName, id]) => ({ serviceName, containerId: id })),
  readTargetState: ({ state: { local } }) => ({
    ...(local.name != null && { name: local.name }),
    config: local.config,
    apps: local.apps,
  }),
  deviceInfo: ({ info: { arch, deviceType } }) => ({ arch, deviceType }),
  deviceName: ({ deviceName }) => deviceName,
  readTags: ({ tags }) => tags.map(({ id, name, value }: Json) => ({ id, name, value })),
  vpn: ({ vpn: { enabled, connected } }) => ({ enabled, connected }),
};

function appState(name: string, { appId, appUuid, commit, updateStatus, services }: Json): Json {
  return {
    name,
    appId,
    appUuid,
    commit,
    updateStatus,
    services: entries(services).map(([serviceName, { status, releaseId, image, downloadProgress }]) => ({
      name: serviceName,
      status,
      releaseId,
      image,
      downloadProgressPercent: downloadProgress,
    })),
  };
}

function entries(map: Json): [string, Json][] {
  return Object.entries(map);
}

/** The value without members that are undefined or null: the client leaves out what is not there. */
function withoutAbsent(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutAbsent);
  if (typeof value !== 'object' || value === null) return value;
  const present = Object.entries(value).filter(([, member]) => member != null);
  return Object.fromEntries(present.map(([key, member]) => [key, withoutAbsent(member)]));
}
