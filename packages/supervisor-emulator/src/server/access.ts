import { covers, findKey } from '../model/keys.js';
import type { ApiKey, Model } from '../model/model.js';

/** The access that a caller's keys give. */
export interface Access {
  /** The entry of its key, if that is a valid one. */
  entry: ApiKey | undefined;
  /** Whether the caller has access at all. */
  isAuthorized: boolean;
  isScoped: (appId: number) => boolean;
}

/** Checks the keys of a caller. If no key is required, it has access without a valid one. */
export function accessBy(model: Model, shown: readonly string[]): Access {
  const { era } = model;
  const [entry] = shown.flatMap((key) => findKey(model, key) ?? []);
  if (!needsKey(model)) return { entry, isAuthorized: true, isScoped: () => !era.keylessReachesNoApp };
  const isScoped = (appId: number): boolean => entry !== undefined && (era.oneKeyForAll || covers(entry, appId));
  return { entry, isAuthorized: entry !== undefined, isScoped };
}

function needsKey({ era, cloud, localMode, device }: Model): boolean {
  if (cloud !== 'none') return !localMode;
  return era.unmanagedNeedsKey || (era.unmanagedProductionNeedsKey && device.osVariant === 'prod');
}
