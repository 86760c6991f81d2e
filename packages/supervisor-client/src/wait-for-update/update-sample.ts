import type { AppState } from '../answers/app-state.js';
import type { Device } from '../answers/device.js';
import type { StateStatus } from '../answers/state-status.js';
import type { SupervisorClient } from '../client/supervisor-client.js';
import { isSupervisorError } from '../errors/supervisor-error.js';

/** What the three endpoints of the Supervisor say about an update at one moment. */
export interface UpdateSample {
  device: Device;
  status: StateStatus;
  /** Absent if the Supervisor does not list the app. It has an `updateStatus` only since 17.7. */
  app?: AppState;
}

export type SampleSource = Pick<SupervisorClient, 'device' | 'stateStatus'> & {
  apps: Pick<SupervisorClient['apps'], 'list'>;
};

/**
 * Reads all three in parallel, so that they describe about the same moment of the device and its first app. The Supervisor
 * does not report enough about other apps; before 12.2 it lists their containers and images among those of the first.
 */
export async function takeSample(supervisor: SampleSource, signal: AbortSignal): Promise<UpdateSample> {
  const [device, status, apps] = await Promise.all([
    supervisor.device({ signal }),
    supervisor.stateStatus({ signal }),
    listApps(supervisor, signal),
  ]);
  const appId = status.containers[0]?.appId ?? status.images[0]?.appId;
  const isOfApp = (part: { appId: number }) => part.appId === appId;
  const app = apps.find(isOfApp);
  return {
    device,
    status: { ...status, containers: status.containers.filter(isOfApp), images: status.images.filter(isOfApp) },
    ...(app !== undefined && { app }),
  };
}

/** An empty list before Supervisor 7.12. */
async function listApps({ apps }: SampleSource, signal: AbortSignal): Promise<AppState[]> {
  try {
    return await apps.list({ signal });
  } catch (error) {
    if (isSupervisorError(error) && error.code === 'not-supported') return [];
    throw error;
  }
}
