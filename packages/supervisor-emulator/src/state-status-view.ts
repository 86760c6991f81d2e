import { containersOf, imagesOf } from './app-view.js';
import { runningApps } from './model.js';
import type { Model } from './model.js';

/** The body of `GET /v2/state/status`: containers and images of the first app, and how far all of it is. */
export function stateStatusView(model: Model, now: number): Record<string, unknown> {
  const apps = runningApps(model);
  const [first] = apps;
  const progresses = apps
    .flatMap((app) => imagesOf(app, now))
    .flatMap(({ downloadProgress }) => (downloadProgress == null ? [] : [downloadProgress]));
  const sum = progresses.reduce((total, progress) => total + progress, 0);
  return {
    status: 'success',
    appState: apps.some(({ update }) => update !== null) ? 'applying' : 'applied',
    overallDownloadProgress: progresses.length === 0 ? null : sum / progresses.length,
    // What is being installed has no container yet.
    containers: first ? containersOf(model, first, now).filter(({ status }) => status !== 'Installing') : [],
    images: first ? imagesOf(first, now) : [],
    ...(first ? { release: first.release.commit } : {}),
  };
}
