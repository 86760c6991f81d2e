import { hexId } from './model.js';
import type { ApiKey, Model } from './model.js';

/** The entry of a key, or undefined if there is no such key. */
export function findKey(model: Model, shown: string | undefined): ApiKey | undefined {
  return model.keys.find(({ key }) => key === shown);
}

/** Whether a key covers an app. */
export function covers(key: ApiKey, appId: number): boolean {
  return key.appId === undefined || key.appId === appId;
}

/** The key of a service. Each service has one, from the moment that the Supervisor knows of it. */
export function keyOfService(model: Model, appId: number, serviceName: string): string {
  return model.keys.find((entry) => isOf(entry, appId, serviceName))?.key ?? derive(model, appId, serviceName);
}

/** Services that have no key yet get one. */
export function ensureKeys(model: Model, appId: number, serviceNames: readonly string[]): Model {
  const missing = serviceNames.filter((name) => !model.keys.some((entry) => isOf(entry, appId, name)));
  if (missing.length === 0) return model;
  const made = missing.map((serviceName) => ({ key: derive(model, appId, serviceName), appId, serviceName }));
  return { ...model, keys: [...model.keys, ...made] };
}

/** Replaces a key at once. A container keeps the old one until it is recreated. */
export function replaceKey(model: Model, old: string, key: string): Model {
  return { ...model, keys: model.keys.map((entry) => (entry.key === old ? { ...entry, key } : entry)) };
}

/** All keys are replaced by one. */
export function renewAllKeys(model: Model, key: string): Model {
  return { ...model, keys: model.keys.map((entry) => ({ ...entry, key })) };
}

/** The successor of this key. */
export function nextKey(model: Model, old: string): string {
  return hexId(model.keySecret, 'regenerated', old).slice(0, keyLength);
}

function isOf(entry: ApiKey, appId: number, serviceName: string): boolean {
  return entry.appId === appId && entry.serviceName === serviceName;
}

function derive(model: Model, appId: number, serviceName: string): string {
  const [first] = model.keys;
  if (model.era.oneKeyForAll && first) return first.key;
  return hexId(model.keySecret, 'key', appId, serviceName).slice(0, keyLength);
}

const keyLength = 32;
