import type { App, Container } from '../model/model.js';
import { idle, nothingReported } from '../model/releases.js';
import { dropDownloads } from './end-step.js';

/**
 * What a Supervisor finds that starts after another one has died: downloads are gone, and the engine has done, or still does,
 * what it was told. Locks that were held are left behind.
 */
export function surviveDeath(app: App, now: number): App {
  const left = dropDownloads(app);
  const killEnd = ({ containerId }: Container): number | undefined =>
    left.steps.find((step) => step.does === 'kill' && step.containerId === containerId)?.until;
  const containers = left.containers
    .filter(({ status }) => status !== 'Installing')
    .map((container) => orphaned(container, killEnd(container), now));
  const images = left.images.filter(({ status }) => status !== 'Deleting');
  const ownLocks = left.ownLocks === 'none' ? 'none' : 'left';
  return { ...left, ...idle, containers, images, ownLocks, triedLocks: left.triedLocks, reported: nothingReported };
}

/** The app after a boot: every container has started, and the locks are gone with their folders. */
export function surviveBoot(app: App, now: number): App {
  const containers = app.containers
    .filter(({ status }) => status !== 'Installing')
    .map((container) => started(container, now));
  return { ...dropDownloads(app), containers, locks: [], ownLocks: 'none', triedLocks: [], held: false };
}

function started({ stopsAt: _stopsAt, ...container }: Container, now: number): Container {
  return { ...container, status: 'Running', startedAt: now };
}

function orphaned(container: Container, killEnd: number | undefined, now: number): Container {
  if (killEnd !== undefined && killEnd > now) return { ...container, status: 'Running', stopsAt: killEnd };
  if (container.status === 'Stopping') return { ...container, status: 'exited' };
  return container.status === 'exited' ? container : { ...container, status: 'Running' };
}
