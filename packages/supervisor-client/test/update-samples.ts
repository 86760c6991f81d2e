import type { AppService, AppState } from '../src/answers/app-state.js';
import type { Device } from '../src/answers/device.js';
import type { ContainerStatus, ImageStatus, StateStatus } from '../src/answers/state-status.js';
import type { UpdateSample } from '../src/wait-for-update/update-sample.js';

/** One service and its image, of the release before and of the one that it is updated to. */
export const [oldId, newId] = [501, 502];

export function container(
  imageId: number,
  status: ContainerStatus['status'] = 'Running',
  serviceName = 'main',
): ContainerStatus {
  return {
    status,
    serviceName,
    appId: 77,
    imageId,
    serviceId: 9,
    containerId: `c${imageId}`,
    createdAt: '2026-02-03T04:05:06.789Z',
  };
}

export function image(
  imageId: number,
  status: ImageStatus['status'] = 'Downloaded',
  downloadProgressPercent?: number,
  serviceName = 'main',
): ImageStatus {
  return {
    name: `registry.example/${serviceName}@${imageId}`,
    appId: 77,
    serviceName,
    imageId,
    status,
    ...(downloadProgressPercent !== undefined && { downloadProgressPercent }),
  };
}

export function service(imageId: number, status: string, name = 'main'): AppService {
  return {
    name,
    status,
    releaseId: 1,
    image: `registry.example/${name}@${imageId}`,
  };
}

interface SampleChange {
  device?: Partial<Device>;
  status?: Partial<StateStatus>;
  /** `undefined`: an older Supervisor. */
  app?: Partial<AppState> | undefined;
}

/** A device that runs its target release, with the given differences. */
export function sample({ device, status, app = {} }: SampleChange = {}): UpdateSample {
  return {
    device: {
      apiPort: 48_484,
      ipAddresses: [],
      macAddresses: [],
      supervisorVersion: '19.0.5',
      updatePending: false,
      updateFailed: false,
      updateDownloaded: false,
      ...device,
    },
    status: { appState: 'applied', containers: [container(oldId)], images: [image(oldId)], release: 'old', ...status },
    app: {
      name: 'fleet',
      appId: 77,
      commit: 'old',
      updateStatus: 'done',
      services: [service(oldId, 'Running')],
      ...app,
    },
  };
}

/** The same as a Supervisor before 17.7 tells it. */
export function withoutApp({ device, status }: UpdateSample): UpdateSample {
  return { device, status };
}
