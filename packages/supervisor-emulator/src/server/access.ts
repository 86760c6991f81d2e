import { covers, findKey } from '../model/keys.js';
import type { ApiKey, Model } from '../model/model.js';

/** What a caller may reach by the keys that it shows. */
export interface Access {
  /** The entry of its key, if that is a valid one. */
  entry: ApiKey | undefined;
  /** Whether it may come at all. */
  isAuthorized: boolean;
  isScoped: (appId: number) => boolean;
}

/** Judges the keys that a caller shows. Where none is asked for, it may come without a valid one. */
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
