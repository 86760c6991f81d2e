import { chmodSync, chownSync, lstatSync, rmSync, writeFileSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { join } from 'node:path';

import { lockedUntil } from '../apply/advance-app.js';
import { lockNames } from '../eras/lock-words.js';
import type { App, Model } from '../model/model.js';
import { LockFolderError } from './lock-folder-error.js';
import { folderName, makeFolder } from './place-folder.js';

/**
 * The locks of the device as files in a folder: `<folder>/<appId>/<serviceName>/updates.lock`, as the Supervisor lays them out.
 * A lock file locks its app. The locks that the Supervisor itself holds are also files there.
 */
export class LockFiles {
  readonly #folder: string;
  /** What identifies the Supervisor's own files, by their paths. */
  readonly #own = new Map<string, string>();
  readonly #openedFolders = new Set<string>();
  #boots = 1;

  /** @throws LockFolderError if the folder cannot be created. */
  constructor(folder: string) {
    this.#folder = folder;
    try {
      makeFolder(folder);
    } catch (error) {
      throw new LockFolderError(folder, error);
    }
  }

  /** The model with the locks that users hold on disk. */
  read(model: Model): Model {
    const apps = model.apps.map((app) => {
      const locks = this.#placesOf(model, app)
        .filter(({ paths }) => paths.some((path) => this.#isUsers(path)))
        .map(({ serviceName }) => serviceName);
      const isSame = locks.length === app.locks.length && locks.every((each) => app.locks.includes(each));
      return isSame ? app : { ...app, locks };
    });
    return apps.every((app, index) => app === model.apps[index]) ? model : { ...model, apps };
  }

  /** Updates the files after a change of the model. */
  follow(before: Model, after: Model, now: number): void {
    if (after.boots !== this.#boots) this.#forgetModes(after);
    for (const app of after.apps) {
      const locksBefore = before.apps.find(({ appId }) => appId === app.appId)?.locks ?? [];
      for (const { serviceName, folder, paths } of this.#placesOf(after, app)) {
        if (!tryTo(() => makeFolder(folder))) continue;
        const [isLocked, wasLocked] = [app.locks, locksBefore].map((locks) => locks.includes(serviceName));
        const [path] = paths;
        if (isLocked && !wasLocked && path !== undefined) create(path, '', 0o644);
        if (wasLocked && !isLocked) paths.filter((each) => this.#isUsers(each)).forEach(remove);
      }
    }
    const held = after.apps.filter((app) => lockedUntil(app) > now).flatMap((app) => this.#placesOf(after, app));
    const tried = after.apps
      .filter(({ apply }) => apply?.stage === 'blocked')
      .flatMap((app) => this.#placesOf(after, app));
    for (const { folder } of [...held, ...tried]) this.#open(folder);
    const wanted = new Set(held.flatMap(({ paths }) => paths));
    for (const path of this.#own.keys()) if (!wanted.has(path)) this.#release(path);
    for (const path of wanted) this.#take(path);
  }

  #placesOf({ era }: Model, { appId, containers, release }: App): Place[] {
    const names = [
      ...new Set([...release.services, ...containers.map(({ service }) => service)].map(nameOf)),
    ].toSorted();
    const appFolder = join(this.#folder, String(appId));
    const placeOf = (serviceName: string, folder: string): Place => ({
      serviceName,
      folder,
      paths: lockNames(era).map((name) => join(folder, name)),
    });
    if (era.lockIsOfApp) return names.slice(0, 1).map((name) => placeOf(name, appFolder));
    return names.map((name) => placeOf(name, join(appFolder, folderName(name))));
  }

  #isUsers(path: string): boolean {
    const stat = statOf(path);
    return stat !== undefined && !this.#isSupervisors(path, stat);
  }

  // A file of its user is the Supervisor's, even if it was not created in this run.
  #isSupervisors(path: string, stat: BigIntStats): boolean {
    if (this.#own.get(path) === identityOf(stat)) return true;
    return stat.uid === BigInt(supervisorUid) && process.geteuid?.() !== supervisorUid;
  }

  #take(path: string): void {
    if (this.#own.has(path)) return;
    const isTaken = create(path, '0', 0o444);
    if (isTaken && process.geteuid?.() === 0) chownSync(path, supervisorUid, 0);
    const stat = statOf(path);
    if (stat && (isTaken || this.#isSupervisors(path, stat))) this.#own.set(path, identityOf(stat));
  }

  // By its path, even if somebody has replaced the file.
  #release(path: string): void {
    this.#own.delete(path);
    remove(path);
  }

  // The first time that the Supervisor wants a lock, every user may have one.
  #open(folder: string): void {
    if (this.#openedFolders.has(folder) || !tryTo(() => chmodSync(folder, 0o1777))) return;
    this.#openedFolders.add(folder);
  }

  #forgetModes({ boots }: Model): void {
    this.#boots = boots;
    for (const folder of this.#openedFolders) if (statOf(folder)) chmodSync(folder, 0o755);
    this.#openedFolders.clear();
  }
}

interface Place {
  serviceName: string;
  folder: string;
  paths: readonly string[];
}

function nameOf({ serviceName }: { serviceName: string }): string {
  return serviceName;
}

function statOf(path: string): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true });
  } catch (error) {
    if (isOutOfPlace(error)) return undefined;
    throw error;
  }
}

/** Whether it succeeded. It fails if something else is in place of a service's folder. */
function tryTo(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (isOutOfPlace(error)) return false;
    throw error;
  }
}

/** Users who may write to the folder can put a file, or circular links, in place of a folder. */
function isOutOfPlace(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ELOOP', 'EEXIST', 'ENAMETOOLONG'].includes((error as NodeJS.ErrnoException).code ?? '');
}

// The number of a removed file may be reused for another one.
function identityOf({ ino, mtimeNs }: BigIntStats): string {
  return `${ino} ${mtimeNs}`;
}

/** Whether this process created the file, rather than a faster one. */
function create(path: string, content: string, mode: number): boolean {
  try {
    writeFileSync(path, content, { flag: 'wx', mode });
    return true;
  } catch (error) {
    if (isOutOfPlace(error)) return false;
    throw error;
  }
}

function remove(path: string): void {
  tryTo(() => rmSync(path, { recursive: true, force: true }));
}

const supervisorUid = 65_534;
