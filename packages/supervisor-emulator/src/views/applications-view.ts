import type { App, Model } from '../model.js';
import { downloadPercent, partsOf } from '../releases.js';
import { isAtLeast } from '../supervisor-version.js';

/** The body of `GET /v2/applications/state`: the apps in scope by their names, each with the services of its target. */
export function applicationsView(
  model: Model,
  isScoped: (appId: number) => boolean,
  now: number,
): Record<string, unknown> {
  const isRich = isAtLeast(model.device.supervisorVersion, '17.7.0');
  const wanted = model.apps.filter(({ isLeft }) => isLeft !== true);
  const shown = [...wanted, ...(model.cloudApps ?? []).map(putAside)].filter(({ appId }) => isScoped(appId));
  const entries = shown.map((app) => {
    const { commit, releaseId } = app.target;
    const reports = reportsOf(app, now);
    const services = reports.map(({ serviceName, status, image, progress }) => [
      serviceName,
      { status, ...(isRich ? { image } : {}), downloadProgress: progress ?? null, releaseId },
    ]);
    return [
      app.appName,
      {
        appId: app.appId,
        ...(isRich ? { appUuid: app.appUuid } : {}),
        commit,
        ...(isRich ? { updateStatus: updateStatusOf(reports) } : {}),
        services: Object.fromEntries(services) as unknown,
      },
    ];
  });
  return Object.fromEntries(entries) as Record<string, unknown>;
}

interface ServiceReport {
  readonly serviceName: string;
  readonly status: string;
  readonly image: string;
  readonly progress: number | undefined;
}

// Only what belongs to the target: its images, then those that nobody has begun to download, then its containers.
function reportsOf(app: App, now: number): ServiceReport[] {
  const ofTarget = ({ commit }: { readonly commit: string }): boolean => commit === app.target.commit;
  const images = app.images.filter(ofTarget).map((image) => ({
    serviceName: image.service.serviceName,
    image: image.service.image,
    status: image.status as string,
    progress: downloadPercent(image, now) ?? undefined,
  }));
  const awaited = partsOf(app.target)
    .filter(({ service }) => images.every(({ serviceName }) => serviceName !== service.serviceName))
    .map(({ service: { serviceName, image } }) => ({ serviceName, image, status: 'Downloading', progress: 0 }));
  const known = [...images, ...awaited];
  const containers = app.containers.filter(ofTarget).flatMap(({ service, status }) => {
    const image = known.find(({ serviceName }) => serviceName === service.serviceName);
    return image ? [{ ...image, status }] : [];
  });
  const hasContainer = ({ serviceName }: ServiceReport): boolean =>
    containers.some((container) => container.serviceName === serviceName);
  return [...known.filter((report) => !hasContainer(report)), ...containers];
}

// One service that says more overrules the others. A download at 100 % says nothing, so that "done" may come too early.
function updateStatusOf(reports: readonly ServiceReport[]): string {
  const has = (isMeant: (report: ServiceReport) => boolean): boolean => reports.some(isMeant);
  if (has(({ progress }) => progress !== undefined && progress !== 100)) return 'downloading';
  if (has(({ status }) => status === 'Downloaded')) return 'downloaded';
  return has(({ status }) => status === 'Installing' || status === 'Installed') ? 'applying changes' : 'done';
}

// In local mode the cloud's apps are still known, but nothing of them is on the device.
function putAside(app: App): App {
  return { ...app, containers: [], images: [], target: { ...app.target, services: [] } };
}
