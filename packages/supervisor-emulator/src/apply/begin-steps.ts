import type { App, Apply, Container, Image, OfRelease, Step } from '../model/model.js';
import { comingImage, downloadedImage } from '../model/releases.js';
import type { Plan } from './plan.js';
import { durationsMs, failingPullMs, staggerMs } from './stages.js';

/** Begins what needs no locks, and with `isLocked` also what needs them. */
export function beginSteps(app: App, plan: Plan, isLocked: boolean, now: number): App {
  const { apply } = app;
  if (!apply) return app;
  const may = ({ isFree }: { isFree: boolean }): boolean => isFree || isLocked;
  const recorded = { ...app, images: [...app.images, ...plan.records.map(downloadedImage)] };
  const renamed = beginRenames(recorded, plan.renames.filter(may), now);
  const downloading = beginDownloads(renamed, apply, plan.downloads, now);
  const deleting = beginDeletions(downloading, apply, plan.deletions, now);
  const killing = plan.kills
    .filter(may)
    .reduce((current, { container }, index) => beginKill(current, container, apply, now, index), deleting);
  // In front of those that are there, in their own order.
  return plan.installs
    .filter(may)
    .reduceRight((current, install, index) => beginInstall(current, install, apply, now, index), killing);
}

/** Begins to stop and remove a container, later by its place among several. */
export function beginKill(app: App, container: Container, { goal }: Apply, now: number, index = 0): App {
  const { containerId, service, status, stopsAt } = container;
  const { kill } = durationsMs[goal];
  const durationMs = status === 'exited' ? kill : (service.stopDurationMs ?? kill);
  const until = stopsAt ?? now + durationMs + index * staggerMs;
  return changed({
    ...app,
    steps: [...app.steps, { does: 'kill', containerId, until: Math.max(now, until) }],
    containers: app.containers.map((each): Container => (each === container ? stopping(each) : each)),
  });
}

/** Begins to create a container, later by its place among several. Until it is created it has neither an ID nor a key. */
export function beginInstall(
  app: App,
  { part, handsOver }: { part: OfRelease; handsOver: boolean },
  { goal }: Pick<Apply, 'goal'>,
  now: number,
  index = 0,
): App {
  const until = now + durationsMs[goal].install + index * staggerMs;
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

function beginDownloads(app: App, { release }: Apply, parts: readonly OfRelease[], now: number): App {
  if (parts.length === 0) return app;
  const fails = release.downloadDurationMs === undefined;
  const endOf = ({ service }: OfRelease): number =>
    now + (fails ? failingPullMs : (service.downloadDurationMs ?? release.downloadDurationMs ?? 0));
  const coming = parts.map((part) => comingImage(part, now, fails ? Infinity : endOf(part)));
  const steps = parts.map((part): Step => ({ does: 'download', image: part, fails, until: endOf(part) }));
  return { ...app, images: [...coming, ...app.images], steps: [...app.steps, ...steps] };
}

function beginDeletions(app: App, { goal }: Apply, images: readonly Image[], now: number): App {
  if (images.length === 0) return app;
  const steps = images.map((image, index): Step => {
    const { service, commit, releaseId } = image;
    const until = now + durationsMs[goal].delete + index * staggerMs;
    return { does: 'delete', image: { service, commit, releaseId }, until };
  });
  return {
    ...app,
    images: app.images.map((image): Image => (images.includes(image) ? { ...image, status: 'Deleting' } : image)),
    steps: [...app.steps, ...steps],
  };
}

function beginRenames(app: App, renames: Plan['renames'], now: number): App {
  if (renames.length === 0 || !app.apply) return app;
  const partFor = (container: Container): OfRelease | undefined =>
    renames.find((rename) => rename.container === container)?.part;
  const containers = app.containers.map((container) => ({ ...container, ...partFor(container) }));
  return changed({ ...app, containers, apply: { ...app.apply, until: now + renameMs } });
}

function stopping({ stopsAt: _stopsAt, ...container }: Container): Container {
  return { ...container, status: 'Stopping' };
}

function changed(app: App): App {
  return app.apply ? { ...app, apply: { ...app.apply, hasChanged: true } } : app;
}

const renameMs = 300;
