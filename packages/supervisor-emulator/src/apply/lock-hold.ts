import type { App } from '../model/model.js';

/** When time alone changes the app next, in ms since the epoch; `Infinity` if it does not. */
export function nextMomentOf({ apply, steps, tasks, containers }: App): number {
  const ends = [...steps.map(({ until }) => until), ...tasks.map(({ at }) => at)];
  const stops = containers.flatMap(({ stopsAt }) => stopsAt ?? []);
  return Math.min(apply?.until ?? Infinity, ...ends, ...stops);
}

/** Until when the Supervisor itself holds the app's locks: `-Infinity` if it does not, `Infinity` if the end is unknown. */
export function lockedUntil(app: App): number {
  return Math.max(heldUntil(app), app.ownLocks === 'held' ? nextMomentOf(app) : -Infinity);
}

/** The same for operations other than its apply. */
export function heldUntil({ held, tasks }: App): number {
  if (held) return Infinity;
  return Math.max(-Infinity, ...tasks.filter(({ locked }) => locked).map(({ at }) => at));
}

/** The services whose locks the Supervisor takes, in this order: those that run, then those that the target adds. */
export function lockOrder({ release, target, containers }: App): string[] {
  const running = containers.map(({ service }) => service);
  return [...new Set([...release.services, ...target.services, ...running].map(({ serviceName }) => serviceName))];
}

/** The first service in that order whose lock a user holds. */
export function firstHolder(app: App): string | undefined {
  const order = lockOrder(app);
  return order.find((serviceName) => app.locks.includes(serviceName)) ?? app.locks[0];
}

/** The app after an attempt to take its locks, up to the one that is refused. */
export function withTriedLocks(app: App, refusedBy?: string): App {
  const order = lockOrder(app);
  const tried = refusedBy === undefined ? order : order.slice(0, order.indexOf(refusedBy) + 1);
  const added = tried.filter((serviceName) => !app.triedLocks.includes(serviceName));
  return added.length === 0 ? app : { ...app, triedLocks: [...app.triedLocks, ...added] };
}
