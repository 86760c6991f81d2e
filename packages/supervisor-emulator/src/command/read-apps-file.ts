import { readFile, stat } from 'node:fs/promises';

import type { AppOptions, ServiceOptions } from '../options/app-options.js';
import { UsageError } from './usage-error.js';

/**
 * The apps that a JSON file describes, as `createSupervisor` takes them. What their values have to be is up to that.
 * @throws UsageError that names the file, the place in it, and what should be there.
 */
export async function readAppsFile(path: string): Promise<readonly AppOptions[]> {
  const apps = parse(path, await read(path));
  if (!Array.isArray(apps)) throw new UsageError(`${path} must hold an array of apps, such as [{ "appId": 1234567 }].`);
  for (const [index, app] of apps.entries()) {
    checkObject(path, `[${index}]`, app, appNames, 'an app');
    const { services } = app as { services?: unknown };
    if (!Array.isArray(services)) continue;
    for (const [place, service] of services.entries()) {
      if (typeof service === 'string') continue;
      checkObject(path, `[${index}].services[${place}]`, service, serviceNames, 'a service');
    }
  }
  return apps as AppOptions[];
}

/** The mistake that `createSupervisor` found in the apps, as one of the file; others stay as they are. */
export function blameAppsFile(path: string, error: unknown): unknown {
  const found = error instanceof TypeError ? /^createSupervisor: apps(.*)$/s.exec(error.message)?.[1] : undefined;
  return found === undefined
    ? error
    : new UsageError(`${path}: ${found.startsWith('[') ? found : `the array${found}`}`);
}

const MAX_BYTES = 16 * 1024 * 1024;

async function read(path: string): Promise<string> {
  try {
    // A pipe gives nothing until somebody writes, and a device may never end.
    const stats = await stat(path);
    if (!stats.isFile() && !stats.isDirectory()) throw new Error('it is no regular file');
    if (stats.size > MAX_BYTES) throw new Error('it has more than 16 MiB');
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : message;
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
  const takes = `${what} has ${names.join(', ')}`;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UsageError(`${path}: ${place} must be an object: ${takes}.`);
  }
  const unknown = Object.keys(value).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new UsageError(`${path}: ${place}.${unknown} is not known: ${takes}.`);
}

const appNames: readonly (keyof AppOptions)[] = ['appId', 'appUuid', 'appName', 'commit', 'releaseId', 'services'];

const serviceNames: readonly (keyof ServiceOptions)[] = [
  'serviceName',
  'serviceId',
  'imageId',
  'image',
  'dockerImageId',
  'environment',
  'apiKey',
];
