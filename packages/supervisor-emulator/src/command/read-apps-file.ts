import { readFile, stat } from 'node:fs/promises';

import type { AppOptions, ServiceOptions } from '../options/app-options.js';
import { OptionError } from '../options/option-error.js';
import { UsageError } from './usage-error.js';

/**
 * Reads apps from a JSON file, in the format of `createSupervisor`, which then checks their values.
 * @throws UsageError that names the file, the place in it, and what should be there.
 */
export async function readAppsFile(path: string): Promise<readonly AppOptions[]> {
  const apps = parse(path, await read(path));
  if (!Array.isArray(apps))
    throw new UsageError(`${path} must contain an array of apps, such as [{ "appId": 1234567 }].`);
  for (const [index, app] of apps.entries()) {
    checkObject(path, `[${index}]`, app, appNames, 'An app');
    const { services } = app as { services?: unknown };
    if (!Array.isArray(services)) continue;
    for (const [place, service] of services.entries()) {
      if (typeof service === 'string') continue;
      checkObject(path, `[${index}].services[${place}]`, service, serviceNames, 'A service');
    }
  }
  return apps as AppOptions[];
}

/** Turns an error of `createSupervisor` about the apps into one about the file. Other errors stay unchanged. */
export function blameAppsFile(path: string, error: unknown): unknown {
  if (!(error instanceof OptionError) || !error.option.startsWith('apps')) return error;
  const place = error.option.slice('apps'.length) || 'the array';
  return new UsageError(`${path}: ${place} ${error.problem}`);
}

const MAX_BYTES = 16 * 1024 * 1024;

async function read(path: string): Promise<string> {
  try {
    // A pipe has no data until somebody writes, and a device may never end.
    const stats = await stat(path);
    if (!stats.isFile() && !stats.isDirectory()) throw new Error('it is not a regular file');
    if (stats.size > MAX_BYTES) throw new Error('it is larger than 16 MiB');
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'the file does not exist' : message;
    throw new UsageError(`--apps ${path} cannot be read: ${reason}.`);
  }
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${path} is not valid JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

function checkObject(path: string, place: string, value: unknown, names: readonly string[], what: string): void {
  const takes = `${what} has the fields ${names.join(', ')}`;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UsageError(`${path}: ${place} must be an object. ${takes}.`);
  }
  const unknown = Object.keys(value).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new UsageError(`${path}: ${place}.${unknown} is unknown. ${takes}.`);
}

const appNames: readonly (keyof AppOptions)[] = [
  'appId',
  'appUuid',
  'appName',
  'commit',
  'releaseId',
  'installed',
  'services',
];

const serviceNames: readonly (keyof ServiceOptions)[] = [
  'serviceName',
  'serviceId',
  'imageId',
  'image',
  'dockerImageId',
  'environment',
  'labels',
  'strategy',
  'stopDurationMs',
  'apiKey',
];
