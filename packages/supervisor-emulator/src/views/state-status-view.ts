import type { App, Model } from '../model/model.js';
import { existingContainers, isPresent, viewContainer, viewImage } from './app-view.js';
import { isApplying } from './device-view.js';

/**
 * The body of `GET /v2/state/status`: containers and images of the first app in scope, in older versions of all apps, and the
 * overall progress.
 */
export function stateStatusView(
  model: Model,
  isScoped: (appId: number) => boolean,
  now: number,
): Record<string, unknown> {
  const apps = model.apps.filter(({ appId }) => isScoped(appId));
  const imagesOf = (app: App): ReturnType<typeof viewImage>[] => app.images.map((image) => viewImage(app, image, now));
  const progresses = apps.flatMap(imagesOf).flatMap(({ downloadProgress }) => downloadProgress ?? []);
  const sum = progresses.reduce((total, progress) => total + progress, 0);
  const head = {
    status: 'success',
    appState: isApplying(model) ? 'applying' : 'applied',
    overallDownloadProgress: progresses.length === 0 ? null : sum / progresses.length,
  };
  const commit = apps.find(isPresent)?.release.commit;
  if (model.era.statusIsOfAllApps) {
    return {
      ...head,
      containers: apps.flatMap((app) => existingContainers(app).map((container) => viewContainer(app, container))),
      images: apps.flatMap(imagesOf),
      ...(commit === undefined || commit === '' ? {} : { release: commit }),
    };
  }
  const first = apps.find((app) => existingContainers(app).length > 0) ?? apps.find(({ images }) => images.length > 0);
  return {
    ...head,
    containers: first ? existingContainers(first).map((container) => viewContainer(first, container)) : [],
    images: first ? imagesOf(first) : [],
    ...(first && first.release.commit !== '' ? { release: first.release.commit } : {}),
  };
}
