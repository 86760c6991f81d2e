import { makeContainers, makeRelease, runningApps } from './model.js';
import type { App, Model, Update } from './model.js';
import { installationMs, isBlocked, preparing, untilCreatedMs } from './update-stages.js';

/**
 * Brings the model to this moment: whatever only needed time to pass has happened.
 * Every other transition expects a model settled at its moment.
 */
export function settle(model: Model, now: number): Model {
  if (model.rebootingSince !== null) {
    const bootedAt = model.rebootingSince + model.timings.rebootDurationMs;
    return now < bootedAt ? model : settle(boot(model, bootedAt), now);
  }
  return changeApps(model, (app) => settleApp(model, app, now));
}

/** `POST /v1/update`: look for a new target and apply it. */
export function requestUpdate(model: Model, request: { force: boolean; cancel: boolean }, now: number): Model {
  const appIds = new Set(runningApps(model).map(({ appId }) => appId));
  const requested = changeApps(model, (app) => (appIds.has(app.appId) ? updateApp(model, app, request, now) : app));
  return settle(requested, now);
}

/** `POST /v1/reboot`, accepted. A forced one removes the users' locks. */
export function reboot(model: Model, now: number): Model {
  return { ...changeApps(model, (app) => ({ ...app, lockedBy: null })), rebootingSince: now };
}

/** The device is up again: a new boot, containers started anew, and locks gone, as they lie on a tmpfs. */
export function boot(model: Model, now: number): Model {
  const booted = { ...model, boots: model.boots + 1, rebootingSince: null };
  return changeApps(booted, (app) => ({
    ...app,
    containers: app.containers.map((container) => ({ ...container, startedAt: now })),
    lockedBy: null,
    update: app.update && restart(model, app.update, app.update.fetchedAt <= (model.rebootingSince ?? now), now),
  }));
}

/** The cloud has a new release for the app. */
export function offerRelease(model: Model, offer: { appId: number; commit: string; firstImageId?: number }): Model {
  return changeApp(model, offer.appId, (app) => {
    if (app.target.commit === offer.commit) return app;
    if (app.release.commit === offer.commit) return { ...app, target: app.release };
    const known = [app.release, app.target, ...(app.update ? [app.update.release] : [])];
    const highest = Math.max(...known.flatMap(({ services }) => services.map(({ imageId }) => imageId)));
    const serviceNames = app.release.services.map(({ serviceName }) => serviceName);
    const firstImageId = offer.firstImageId ?? highest + 1;
    return { ...app, target: makeRelease(model.seed, app.appId, offer.commit, serviceNames, firstImageId) };
  });
}

/** A service takes the user's update lock of its app. */
export function lock(model: Model, appId: number, serviceName: string, now: number): Model {
  return changeApp(model, appId, (app) => {
    const waiting = app.update !== null && isBlocked(app, now) && !app.update.force;
    return { ...app, lockedBy: serviceName, update: waiting ? { ...app.update, installingAt: null } : app.update };
  });
}

/** The user's lock is released. An update it held up goes on with the Supervisor's next attempt. */
export function unlock(model: Model, appId: number, now: number): Model {
  return changeApp(model, appId, (app) => ({
    ...app,
    lockedBy: null,
    update: app.update && isBlocked(app, now) ? atNextAttempt(app.update, now) : app.update,
  }));
}

function settleApp(model: Model, app: App, now: number): App {
  const { update } = app;
  if (update === null || now < update.fetchedAt) return app;
  if (update.installingAt === null) {
    if (app.lockedBy !== null && !update.force) return app;
    return settleApp(model, { ...app, update: { ...update, installingAt: update.fetchedAt } }, now);
  }
  if (now < update.installingAt) return app;
  const lockedBy = update.force ? null : app.lockedBy;
  const appliedAt = update.installingAt + installationMs;
  if (now < appliedAt) return { ...app, lockedBy };
  const applied: App = {
    ...app,
    lockedBy,
    release: update.release,
    containers: makeContainers(model.seed, update.release, update.installingAt + untilCreatedMs),
    update: null,
  };
  if (!update.again) return applied;
  return settleApp(model, updateApp(model, applied, { force: update.force, cancel: false }, appliedAt), now);
}

function updateApp(model: Model, app: App, request: { force: boolean; cancel: boolean }, now: number): App {
  const { update, target } = app;
  if (update === null || request.cancel) {
    if (update === null && target.commit === app.release.commit) return app;
    if (target.commit === app.release.commit) return { ...app, update: null };
    const fetched = update?.release.commit === target.commit && update.fetchedAt <= now;
    const begun = { release: target, startedAt: now, fetchedAt: now, installingAt: null, again: false };
    return { ...app, update: restart(model, { ...begun, force: request.force }, fetched, now) };
  }
  const again = { ...update, again: true, force: update.force || request.force };
  return { ...app, update: request.force && isBlocked(app, now) ? atNextAttempt(again, now) : again };
}

function restart(model: Model, update: Update, fetched: boolean, now: number): Update {
  const fetchMs = preparing.durationMs + (fetched ? 0 : model.timings.downloadDurationMs);
  return { ...update, startedAt: now, fetchedAt: now + fetchMs, installingAt: null };
}

/**
 * The Supervisor tries a failed update again after 1 s, 2 s, 4 s ... up to 15 min, counted from the failure;
 * neither a released lock nor a `force` without `cancel` makes it try earlier.
 */
function atNextAttempt(update: Update, now: number): Update {
  let delayMs = firstAttemptMs;
  let attemptAt = update.fetchedAt + delayMs;
  while (attemptAt < now) {
    delayMs = Math.min(delayMs * 2, longestAttemptMs);
    attemptAt += delayMs;
  }
  return { ...update, installingAt: attemptAt };
}

const firstAttemptMs = 1000;
const longestAttemptMs = 15 * 60_000;

function changeApps(model: Model, change: (app: App) => App): Model {
  const apps = model.apps.map(change);
  return apps.every((app, index) => app === model.apps[index]) ? model : { ...model, apps };
}

function changeApp(model: Model, appId: number, change: (app: App) => App): Model {
  return changeApps(model, (app) => (app.appId === appId ? change(app) : app));
}
