import type { App, Apply, Container, Image, OfRelease, Step } from '../model/model.js';
import { comingImage, downloadedImage } from '../model/releases.js';
import type { Plan } from './plan.js';
import { durationsOf, failingPullMs, staggerMs } from './stages.js';

/** Begins what needs no locks, and with `isLocked` also what needs them. */
export function beginSteps(app: App, plan: Plan, isLocked: boolean, now: number): App {
  const { apply } = app;
  if (!apply) return app;
  const may = ({ isFree }: { isFree: boolean }): boolean => isFree || isLocked;
  const recorded = { ...app, images: [...app.images, ...plan.records.map(downloadedImage)] };
  const renamed = rename(recorded, plan.renames.filter(may));
  const downloading = beginDownloads(renamed, apply, plan.downloads, now);
  const deleting = beginDeletions(downloading, apply, plan.deletions, now);
  const killing = plan.kills
    .filter(may)
    .reduce((current, { container }, index) => beginKill(current, container, apply, now, index), deleting);
  // In front of those that are there, in their own order.
  return plan.installs
    .filter(may)
    .reduceRight(
      (current, install, index) =>
        install.handsOver
          ? beginHandover(current, install.part, now)
          : beginInstall(current, install, apply, now, index),
      killing,
    );
}

/** Begins to stop and remove a container, later by its place among several. */
export function beginKill(app: App, container: Container, apply: Apply, now: number, index = 0): App {
  const { containerId, service, status, stopsAt } = container;
  const { kill } = durationsOf(apply);
  const durationMs = status === 'exited' ? kill : (service.stopDurationMs ?? kill);
  const until = stopsAt ?? now + durationMs + index * staggerMs;
  return changed({
    ...app,
    steps: [...app.steps, { does: 'kill', containerId, until: Math.max(now, until) }],
    containers: app.containers.map((each): Container => (each.containerId === containerId ? stopping(each) : each)),
  });
}

/** Begins to create a container, later by its place among several. Until it is created it has neither an ID nor a key. */
export function beginInstall(
  app: App,
  { part, handsOver }: { part: OfRelease; handsOver: boolean },
  apply: Pick<Apply, 'goal' | 'isSmall'>,
  now: number,
  index = 0,
): App {
  const until = now + durationsOf(apply).install + index * staggerMs;
  const coming: Container = {
    ...part,
    containerId: '',
    status: 'Installing',
    createdAt: now,
    startedAt: now,
    apiKey: '',
  };
  return changed({
    ...app,
    steps: [...app.steps, { does: 'install', part, handsOver, until }],
    containers: [coming, ...app.containers],
  });
}

// The old container is renamed first.
function beginHandover(app: App, part: OfRelease, now: number): App {
  return changed({ ...app, steps: [...app.steps, { does: 'prepare', part, until: now + handoverMs }] });
}

function beginDownloads(app: App, { release }: Apply, parts: readonly OfRelease[], now: number): App {
  if (parts.length === 0) return app;
  const fails = release.downloadDurationMs === undefined;
  const endOf = ({ service }: OfRelease): number =>
    now + (fails ? failingPullMs : (service.downloadDurationMs ?? release.downloadDurationMs ?? 0));
  const coming = parts.map((part) => comingImage(part, now, fails ? Infinity : endOf(part)));
  const steps = parts.map((part): Step => ({ does: 'download', image: part, fails, until: endOf(part) }));
  return { ...app, images: [...coming, ...app.images], steps: [...app.steps, ...steps] };
}

function beginDeletions(app: App, apply: Apply, images: readonly Image[], now: number): App {
  if (images.length === 0) return app;
  const steps = images.map((image, index): Step => {
    const { service, commit, releaseId } = image;
    const until = now + durationsOf(apply).delete + index * staggerMs;
    return { does: 'delete', image: { service, commit, releaseId }, until };
  });
  return {
    ...app,
    images: app.images.map((image): Image => (images.includes(image) ? { ...image, status: 'Deleting' } : image)),
    steps: [...app.steps, ...steps],
  };
}

function rename(app: App, renames: Plan['renames']): App {
  if (renames.length === 0) return app;
  const partFor = (container: Container): OfRelease | undefined =>
    renames.find((each) => each.container === container)?.part;
  const containers = app.containers.map((container) => ({ ...container, ...partFor(container) }));
  return changed({ ...app, containers });
}

function stopping({ stopsAt: _stopsAt, ...container }: Container): Container {
  return { ...container, status: 'Stopping' };
}

function changed(app: App): App {
  return app.apply ? { ...app, apply: { ...app.apply, hasChanged: true } } : app;
}

const handoverMs = 250;
