import type { AppState, Device, StateStatus } from '@serve.zone/balena-supervisor-client';
import type { AppView, ServiceView, SupervisorView } from './device-view.js';

/** What the Supervisor answers in one look. */
export interface SupervisorAnswers {
  device: Device;
  /** Absent before Supervisor 9.7. */
  stateStatus: StateStatus | undefined;
  /** Empty before Supervisor 7.12. */
  apps: readonly AppState[];
}

/** The device and its apps, composed from answers that each tell a part of it. */
export function supervisorView({ device, stateStatus, apps }: SupervisorAnswers): SupervisorView {
  return {
    version: device.supervisorVersion,
    updatePending: device.updatePending,
    updateFailed: device.updateFailed,
    updateDownloaded: device.updateDownloaded,
    appState: stateStatus?.appState,
    apps: appViews({ device, stateStatus, apps }),
  };
}

function appViews({ device, stateStatus, apps }: SupervisorAnswers): AppView[] {
  const parts = [...(stateStatus?.containers ?? []), ...(stateStatus?.images ?? [])];
  const appIds = [...new Set([...apps, ...parts].map(({ appId }) => appId))];
  const isOnly = appIds.length === 1;
  // The Supervisor reports the release, the containers and the images of its first app only.
  const firstAppId = parts[0]?.appId ?? (isOnly ? appIds[0] : undefined);
  return appIds.map((appId): AppView => {
    const target = apps.find((app) => app.appId === appId);
    const { isDownloading, downloadProgressPercent } = downloadOf(appId, { stateStatus, target, isOnly });
    return {
      appId,
      name: target?.name,
      runningCommit: appId === firstAppId ? (stateStatus?.release ?? device.commit) : undefined,
      targetCommit: target?.commit,
      updateStatus: target?.updateStatus,
      isDownloading,
      downloadProgressPercent,
      services: servicesOf(appId, stateStatus, target),
      targetServices: (target?.services ?? []).map(({ name, status }) => ({ name, status })),
    };
  });
}

function servicesOf(appId: number, stateStatus: StateStatus | undefined, target: AppState | undefined): ServiceView[] {
  const containers = stateStatus?.containers.filter((container) => container.appId === appId) ?? [];
  if (containers.length > 0 || stateStatus?.images.some((image) => image.appId === appId)) {
    return containers.map(({ serviceName: name, status, containerId }) => ({ name, status, containerId }));
  }
  return (target?.services ?? []).flatMap(({ name, status }) => (status === undefined ? [] : { name, status }));
}

interface DownloadParts {
  stateStatus: StateStatus | undefined;
  target: AppState | undefined;
  /** Whether the device has no other app, so that what counts for all of them counts for it. */
  isOnly: boolean;
}

function downloadOf(
  appId: number,
  { stateStatus, target, isOnly }: DownloadParts,
): Pick<AppView, 'isDownloading' | 'downloadProgressPercent'> {
  const overall = isOnly ? stateStatus?.overallDownloadProgressPercent : undefined;
  const images = (stateStatus?.images ?? []).filter((image) => image.appId === appId);
  // Since 17.7, a service at 0 % is one whose download has not begun: a lock or a failure may keep it from that.
  const services = (target?.services ?? []).filter(({ downloadProgressPercent = 0 }) => downloadProgressPercent > 0);
  const parts = [...images, ...services].filter(({ status }) => status === 'Downloading');
  if (overall === undefined && parts.length === 0) return { isDownloading: false };
  const sum = parts.reduce((total, { downloadProgressPercent = 0 }) => total + downloadProgressPercent, 0);
  return { isDownloading: true, downloadProgressPercent: Math.round(overall ?? sum / parts.length) };
}
