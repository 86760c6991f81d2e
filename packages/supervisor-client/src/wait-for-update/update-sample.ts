import type { AppState } from '../answers/app-state.js';
import type { Device } from '../answers/device.js';
import type { StateStatus } from '../answers/state-status.js';
import type { SupervisorClient } from '../client/supervisor-client.js';
import { isSupervisorError } from '../errors/supervisor-error.js';

/** What the Supervisor says of an update at one moment, from the three places where it does. */
export interface UpdateSample {
  device: Device;
  status: StateStatus;
  /** Absent where the Supervisor does not list the app. Only since 17.7 it has an `updateStatus`. */
  app?: AppState;
}

export type SampleSource = Pick<SupervisorClient, 'device' | 'stateStatus'> & {
  apps: Pick<SupervisorClient['apps'], 'list'>;
};

/**
 * Asks the three side by side, so that they tell of about the same moment: the device, and its first app. Of others the
 * Supervisor does not tell enough; before 12.2 it names their containers and images among those of the first.
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

/** None before Supervisor 7.12. */
async function listApps({ apps }: SampleSource, signal: AbortSignal): Promise<AppState[]> {
  try {
    return await apps.list({ signal });
  } catch (error) {
    if (isSupervisorError(error) && error.code === 'not-supported') return [];
    throw error;
  }
}
