import type { StateStatus } from '@serve.zone/balena-supervisor-client';
import { type AvailableSupervisor, safeText } from '@serve.zone/baseos-contracts';

type App = AvailableSupervisor['apps'][number];
type Service = App['services'][number];

const appsMax = 64;
const servicesMax = 256;

/**
 * Apps and their services according to the Supervisor's containers and images, in a stable order. A service
 * without a container is one that is being downloaded.
 */
export function supervisorApps(
  state: StateStatus,
  ownApp: { appId?: number | undefined; appName?: string | undefined },
): App[] {
  const appIds = [...new Set([...state.containers, ...state.images].map(({ appId }) => appId))]
    .filter((appId) => Number.isSafeInteger(appId) && appId > 0)
    .toSorted((one, other) => one - other)
    .slice(0, appsMax);
  return appIds.map((appId) => ({
    appId,
    name: appId === ownApp.appId ? safeText(ownApp.appName, 128) : undefined,
    // The Supervisor reports the release of one app only.
    commit: appIds.length === 1 ? safeText(state.release, 128) : undefined,
    services: services(state, appId),
  }));
}

function services(state: StateStatus, appId: number): Service[] {
  const containers = state.containers.filter((container) => container.appId === appId);
  const downloads = state.images.filter(
    (image) => image.appId === appId && !containers.some(({ serviceName }) => serviceName === image.serviceName),
  );
  return [...containers, ...downloads]
    .map((part): Service => ({
      name: safeText(part.serviceName, 128) ?? 'unnamed',
      status: safeText(part.status, 64) ?? 'unknown',
      containerId: 'containerId' in part ? safeText(part.containerId, 128) : undefined,
    }))
    .toSorted((one, other) => compare(one.name, other.name) || compare(one.containerId ?? '', other.containerId ?? ''))
    .slice(0, servicesMax);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
