import { chmodSync, chownSync, lstatSync, rmSync, writeFileSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { join } from 'node:path';

import { heldUntil, lockOrder } from '../apply/lock-hold.js';
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
  #starts = 1;

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
    const isBoot = after.boots !== this.#boots;
    if (isBoot) this.#forget(after);
    this.#recognize(after);
    for (const app of after.apps) {
      const locksBefore = before.apps.find(({ appId }) => appId === app.appId)?.locks ?? [];
      for (const { serviceName, folder, paths } of this.#placesOf(after, app)) {
        if (!tryTo(() => makeFolder(folder))) continue;
        if (isBoot) tryTo(() => chmodSync(folder, 0o755));
        if (app.triedLocks.includes(serviceName)) this.#open(folder);
        const [isLocked, wasLocked] = [app.locks, locksBefore].map((locks) => locks.includes(serviceName));
        const [path] = paths;
        if (isLocked && !wasLocked && path !== undefined) create(path, '', 0o644);
        if (isBoot) paths.forEach(remove);
        else if (wasLocked && !isLocked) paths.filter((each) => this.#isUsers(each)).forEach(remove);
      }
    }
    const wanted = new Set(after.apps.flatMap((app) => this.#ownPathsOf(after, app, now)));
    for (const path of this.#own.keys()) if (!wanted.has(path)) this.#release(path);
    for (const path of wanted) this.#take(path);
  }

  // During an attempt that a user's lock refuses, the Supervisor has the locks of the services before that one.
  #ownPathsOf(model: Model, app: App, now: number): readonly string[] {
    const places = this.#placesOf(model, app);
    if (app.ownLocks === 'held' || heldUntil(app) > now) return places.flatMap(({ paths }) => paths);
    if (app.ownLocks === 'left') return places.flatMap(({ paths }) => paths.filter((path) => this.#own.has(path)));
    const refusedBy = app.steps.flatMap((step) => (step.does === 'lock' ? (step.refusedBy ?? []) : []))[0];
    if (refusedBy === undefined) return [];
    const order = lockOrder(app);
    const before = new Set(order.slice(0, order.indexOf(refusedBy)));
    return places.filter(({ serviceName }) => before.has(serviceName)).flatMap(({ paths }) => paths);
  }

  /** The folder with the lock of a service. */
  folderOf({ era }: Model, { appId }: App, serviceName: string): string {
    const appFolder = join(this.#folder, String(appId));
    return era.lockIsOfApp ? appFolder : join(appFolder, folderName(serviceName));
  }

  // The engine makes the folder of a service with its container, so that one that was never created has none.
  #placesOf(model: Model, app: App): Place[] {
    const { era } = model;
    const { containers, release } = app;
    const names = [
      ...new Set([...release.services, ...containers.map(({ service }) => service)].map(nameOf)),
    ].toSorted();
    return names.slice(0, era.lockIsOfApp ? 1 : undefined).map((serviceName) => {
      const folder = this.folderOf(model, app, serviceName);
      return { serviceName, folder, paths: lockNames(era).map((name) => join(folder, name)) };
    });
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
    const isCreated = create(path, '0', 0o444);
    if (isCreated && process.geteuid?.() === 0) chownSync(path, supervisorUid, 0);
    const stat = statOf(path);
    if (stat && (isCreated || this.#isSupervisors(path, stat))) this.#own.set(path, identityOf(stat));
  }

  // A process that starts knows the files of one that died by their user alone: what has replaced one is not its own.
  #recognize({ starts }: Model): void {
    if (starts === this.#starts) return;
    this.#starts = starts;
    for (const path of this.#own.keys()) {
      const stat = statOf(path);
      if (!stat || !this.#isSupervisors(path, stat)) this.#own.delete(path);
    }
  }

  // By its path, even if somebody has replaced the file.
  #release(path: string): void {
    this.#own.delete(path);
    remove(path);
  }

  // From the Supervisor's first attempt on, every user may have a lock.
  #open(folder: string): void {
    if (this.#openedFolders.has(folder) || !tryTo(() => chmodSync(folder, 0o1777))) return;
    this.#openedFolders.add(folder);
  }

  // The folders of a new boot are new ones.
  #forget({ boots }: Model): void {
    this.#boots = boots;
    this.#openedFolders.clear();
    this.#own.clear();
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
