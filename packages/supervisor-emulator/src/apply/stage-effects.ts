import { keyOfService } from '../model/keys.js';
import type { App, Apply, Container, Model, OfRelease, StageName } from '../model/model.js';
import { comingImage, createContainer, downloadedImage } from '../model/releases.js';
import { differencesOf } from './next-stage.js';

/** The visible effect of the start of a stage. */
export function enterStage(model: Model, app: App, apply: Apply, stage: StageName, now: number): App {
  const { missingImages, staleContainers, missingContainers, leftoverImages } = differencesOf(model, app, apply);
  switch (stage) {
    case 'downloading': {
      const until = apply.release.downloadDurationMs === undefined ? Infinity : now + apply.release.downloadDurationMs;
      const coming = missingImages.map((part) => comingImage(part, now, until));
      return { ...app, images: [...coming, ...app.images] };
    }
    case 'stopping':
      return withStatus(app, (container) => staleContainers.includes(container), 'Stopping');
    case 'deleting':
      return {
        ...app,
        images: app.images.map((image) => (leftoverImages.includes(image) ? { ...image, status: 'Deleting' } : image)),
      };
    case 'installing':
      return { ...app, containers: [...missingContainers.map((part) => asInstalling(part, now)), ...app.containers] };
    case 'installed':
      return createInstalling(model, app, now);
    case 'finishing':
      return withStatus(app, ({ status }) => status === 'Installed', 'Running');
    default:
      return app;
  }
}

/** The effect of a finished stage. */
export function leaveStage(app: App, { stage, release }: Apply): App {
  switch (stage) {
    case 'downloading': {
      // New images follow the existing ones.
      const kept = app.images.filter(({ status }) => status !== 'Downloading');
      if (release.downloadDurationMs === undefined) return { ...app, images: kept };
      const come = app.images.filter(({ status }) => status === 'Downloading').map(downloadedImage);
      return { ...app, images: [...kept, ...come], reported: { ...app.reported, downloaded: true } };
    }
    case 'stopping':
      return { ...app, containers: app.containers.filter(({ status }) => status !== 'Stopping') };
    case 'deleting':
      return { ...app, images: app.images.filter(({ status }) => status !== 'Deleting') };
    default:
      return app;
  }
}

/** Cancels an apply. Work that it has started on containers and images is finished, except for a download. */
export function abandonStage(model: Model, app: App, now: number): App {
  if (!app.apply) return app;
  const left = app.apply.stage === 'downloading' ? app : leaveStage(app, app.apply);
  const started = withStatus(createInstalling(model, left, now), ({ status }) => status === 'Installed', 'Running');
  return { ...started, images: started.images.filter(({ status }) => status !== 'Downloading'), apply: undefined };
}

// Until it is created it has neither an ID nor a key.
function asInstalling(part: OfRelease, now: number): Container {
  return { ...part, containerId: '', status: 'Installing', createdAt: now, startedAt: now, apiKey: '' };
}

function createInstalling(model: Model, app: App, now: number): App {
  const containers = app.containers.map((container): Container => {
    if (container.status !== 'Installing') return container;
    const { service, commit, releaseId } = container;
    const key = keyOfService(model, app.appId, service.serviceName);
    return { ...createContainer(model.seed, { service, commit, releaseId }, key, now), status: 'Installed' };
  });
  return { ...app, containers };
}

function withStatus(app: App, isMeant: (container: Container) => boolean, status: Container['status']): App {
  return {
    ...app,
    containers: app.containers.map((container) => (isMeant(container) ? { ...container, status } : container)),
  };
}
