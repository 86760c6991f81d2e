import { isDeepStrictEqual } from 'node:util';

import { keyOfService } from '../model/keys.js';
import type { App, Apply, Container, Image, Model, OfRelease, ReleaseService, StageName } from '../model/model.js';
import { partsOf } from '../model/releases.js';

/** The remaining work before a release runs. */
export interface Differences {
  /** Missing images. */
  missingImages: readonly OfRelease[];
  /** Containers to remove: with another image, definition or key, or from before a restart. */
  staleContainers: readonly Container[];
  /** Images of services that should run and have no container. */
  missingContainers: readonly OfRelease[];
  /** Unused images. */
  leftoverImages: readonly Image[];
}

/** Compares an app with the goal of its apply. */
export function differencesOf(model: Model, app: App, { goal, release, replaced }: ApplyTarget): Differences {
  const wanted = partsOf(release);
  const isStale = (container: Container): boolean => {
    const match = wanted.find(({ service }) => isSameService(service, container.service));
    if (!match) return true;
    if (goal !== 'target') return replaced.includes(container.containerId);
    if (!isDeepStrictEqual(match.service, container.service)) return true;
    return container.apiKey !== keyOfService(model, app.appId, container.service.serviceName);
  };
  const staleContainers = app.containers.filter(isStale);
  const fresh = app.containers.filter((container) => !staleContainers.includes(container));
  const isHere = ({ service }: OfRelease): boolean =>
    app.images.some((image) => image.status === 'Downloaded' && isSameService(image.service, service));
  return {
    missingImages: goal === 'target' ? wanted.filter((part) => !isHere(part)) : [],
    staleContainers,
    missingContainers: wanted.filter(
      ({ service }) => !fresh.some((container) => isSameService(container.service, service)),
    ),
    leftoverImages:
      goal === 'target' && !model.localMode
        ? app.images.filter(({ service }) => !wanted.some((part) => isSameService(part.service, service)))
        : [],
  };
}

export type ApplyTarget = Pick<Apply, 'goal' | 'release' | 'replaced'>;

/** Whether there is anything to do at all. */
export function isDone(differences: Differences): boolean {
  return Object.values(differences).every((list: readonly unknown[]) => list.length === 0);
}

/**
 * The next stage: downloads first, then, under the app's locks, the removal of containers and images, then new containers.
 * `take-lock` is the moment at which the locks are needed; undefined: the apply is done.
 */
export function nextStage(ended: StageName, differences: Differences): StageName | 'take-lock' | undefined {
  const { missingImages, staleContainers, missingContainers, leftoverImages } = differences;
  switch (ended) {
    case 'preparing':
    case 'pull-failed':
    case 'blocked':
    case 'waiting':
      if (missingImages.length > 0) return 'downloading';
      return isDone(differences) ? undefined : 'take-lock';
    case 'downloading':
      return isDone(differences) ? undefined : 'take-lock';
    case 'downloaded':
      if (staleContainers.length > 0) return 'stopping';
      return withoutContainers(differences);
    case 'stopping':
      return 'stopped';
    case 'stopped':
      return withoutContainers({ missingContainers, leftoverImages });
    case 'deleting':
      return 'deleted';
    case 'deleted':
      return missingContainers.length > 0 ? 'installing' : undefined;
    case 'installing':
      return 'installed';
    case 'installed':
      return 'finishing';
    case 'finishing':
    default:
      return undefined;
  }
}

function withoutContainers(
  differences: Pick<Differences, 'missingContainers' | 'leftoverImages'>,
): StageName | undefined {
  if (differences.leftoverImages.length > 0) return 'deleting';
  return differences.missingContainers.length > 0 ? 'installing' : undefined;
}

function isSameService(one: ReleaseService, other: ReleaseService): boolean {
  return one.serviceName === other.serviceName && one.imageId === other.imageId && one.image === other.image;
}
