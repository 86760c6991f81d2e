import { isDeepStrictEqual } from 'node:util';

import { keyOfService } from '../model/keys.js';
import type { App, Apply, Container, Model, OfRelease, ReleaseService } from '../model/model.js';
import { partsOf } from '../model/releases.js';

export type ApplyTarget = Pick<Apply, 'goal' | 'release' | 'replaced'>;

/** What an apply does with a container. A renamed one has the right contents, but belongs to another release. */
export type Fate = { is: 'kept' | 'renamed'; part: OfRelease } | { is: 'stale' };

export function fateOf(model: Model, { appId }: Pick<App, 'appId'>, container: Container, target: ApplyTarget): Fate {
  const { service } = container;
  const parts = partsOf(target.release).filter((part) => part.service.serviceName === service.serviceName);
  const same = parts.find((part) => isSameImage(part.service, service));
  if (target.goal !== 'target') {
    return same && !target.replaced.includes(container.containerId) ? { is: 'kept', part: same } : { is: 'stale' };
  }
  const part = same ?? parts[0];
  const isComing = container.status === 'Installing';
  const hasKey = isComing || container.apiKey === keyOfService(model, appId, service.serviceName);
  if (!part || !hasKey || !isDefinedAlike(part.service, service)) return { is: 'stale' };
  if (same && (model.localMode || part.releaseId === container.releaseId)) return { is: 'kept', part };
  return { is: 'renamed', part };
}

/** Whether this is the image of a service of this release. In local mode releases are not told apart. */
export function isSameRecord({ localMode }: Model, one: OfRelease, other: OfRelease): boolean {
  return isSameImage(one.service, other.service) && (localMode || one.releaseId === other.releaseId);
}

export function isSameImage(one: ReleaseService, other: ReleaseService): boolean {
  return one.serviceName === other.serviceName && one.imageId === other.imageId && one.image === other.image;
}

// What a container is made of. Names and numbers can be changed without a new container.
function isDefinedAlike(one: ReleaseService, other: ReleaseService): boolean {
  return isDeepStrictEqual(definitionOf(one), definitionOf(other));
}

function definitionOf({ dockerImageId, environment, labels, composition }: ReleaseService): unknown {
  return [dockerImageId, environment, labels, composition];
}
