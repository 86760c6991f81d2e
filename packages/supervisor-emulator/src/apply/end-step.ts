import { keyOfService } from '../model/keys.js';
import type { App, Container, Image, Model, OfRelease, Step } from '../model/model.js';
import { createContainer, downloadedImage } from '../model/releases.js';
import { beginInstall, beginKill } from './begin-steps.js';
import { isSameImage } from './compare-services.js';
import { durationsOf, startingMs } from './stages.js';

/** The effect of a step that is done. */
export function endStep(model: Model, app: App, step: Step): App {
  const left: App = { ...app, steps: app.steps.filter((other) => other !== step) };
  switch (step.does) {
    case 'download':
      return endDownload(left, step);
    case 'delete':
      return endDeletion(left, step.image);
    case 'kill':
      return { ...left, containers: left.containers.filter(({ containerId }) => containerId !== step.containerId) };
    case 'prepare':
      return beginInstall(left, { part: step.part, handsOver: true }, app.apply ?? plain, step.until);
    case 'install':
      return endInstall(model, left, step);
    case 'start':
      return withStatus(left, step.containerId, { status: 'Starting' });
    case 'run':
      return endRun(left, step);
    case 'lock':
    default:
      return left;
  }
}

/** Drops all downloads. What else has begun goes on. */
export function dropDownloads(app: App): App {
  const images = app.images.filter(({ status }) => status !== 'Downloading');
  if (images.length === app.images.length) return app;
  return { ...app, images, steps: app.steps.filter(({ does }) => does !== 'download') };
}

/** Ends all that has begun at once, except for downloads, which are dropped. */
export function endAllSteps(model: Model, app: App, now: number): App {
  let current = dropDownloads(app);
  for (let [step] = current.steps; step; [step] = current.steps) {
    const due: Step = { ...step, until: now };
    current = endStep(model, { ...current, steps: [due, ...current.steps.slice(1)] }, due);
  }
  return current;
}

// The images that came stand behind those that were there.
function endDownload(app: App, { image, fails }: Step & { does: 'download' }): App {
  const isIt = (each: Image): boolean => isThis(each, image, 'Downloading');
  const others = app.images.filter((each) => !isIt(each));
  if (fails) return { ...app, images: others };
  const come = app.images.filter(isIt).map(downloadedImage);
  const loading = others.filter(({ status }) => status === 'Downloading');
  const here = others.filter(({ status }) => status !== 'Downloading');
  return { ...app, images: [...loading, ...here, ...come], reported: { ...app.reported, downloaded: true } };
}

// By its name: another release that has the same one loses it, too, unless a container uses it.
function endDeletion(app: App, { service }: OfRelease): App {
  const isUsed = (image: Image): boolean => app.containers.some((each) => isSameImage(each.service, image.service));
  const images = app.images.filter(
    (image) => image.service.image !== service.image || (image.status !== 'Deleting' && isUsed(image)),
  );
  return { ...app, images };
}

function endInstall(model: Model, app: App, { part, handsOver, until }: Step & { does: 'install' }): App {
  const { service } = part;
  const index = app.containers.findIndex(
    (each) => each.status === 'Installing' && isSameImage(each.service, service) && each.releaseId === part.releaseId,
  );
  if (index < 0) return app;
  const key = keyOfService(model, app.appId, service.serviceName);
  const created: Container = { ...createContainer(model.seed, part, key, until), status: 'Installed' };
  const { containerId } = created;
  const { run } = durationsOf(app.apply ?? plain);
  const steps: Step[] = [
    { does: 'start', containerId, until: until + Math.max(0, run - startingMs) },
    { does: 'run', containerId, handsOver, until: until + run },
  ];
  return { ...app, containers: app.containers.with(index, created), steps: [...app.steps, ...steps] };
}

function endRun(app: App, { containerId, handsOver, until }: Step & { does: 'run' }): App {
  const running = withStatus(app, containerId, { status: 'Running', startedAt: until });
  const name = running.containers.find((each) => each.containerId === containerId)?.service.serviceName;
  const { apply } = running;
  if (!handsOver || !apply) return running;
  return running.containers
    .filter((each) => each.service.serviceName === name && each.containerId !== containerId)
    .filter((each) => !running.steps.some((step) => step.does === 'kill' && step.containerId === each.containerId))
    .reduce((current, old) => beginKill(current, old, apply, until), running);
}

function withStatus(app: App, containerId: string, change: Partial<Container>): App {
  return {
    ...app,
    containers: app.containers.map((each) => (each.containerId === containerId ? { ...each, ...change } : each)),
  };
}

function isThis(image: Image, part: OfRelease, status: Image['status']): boolean {
  return image.status === status && image.releaseId === part.releaseId && isSameImage(image.service, part.service);
}

/** The next step to end. */
export function firstStep({ steps }: App): Step | undefined {
  return steps.reduce<Step | undefined>(
    (first, step) => (first && first.until <= step.until ? first : step),
    undefined,
  );
}

const plain = { goal: 'target', isSmall: false } as const;
