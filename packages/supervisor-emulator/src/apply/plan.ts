import type { App, Container, Image, Model, OfRelease } from '../model/model.js';
import { partsOf } from '../model/releases.js';
import { killsFirst, strategyOf } from '../model/strategy.js';
import { fateOf, isSameRecord } from './compare-services.js';
import type { ApplyTarget } from './compare-services.js';

/** What the Supervisor can begin now on its way to a release. */
export interface Plan {
  /** Images that are on the device under another name. */
  records: readonly OfRelease[];
  downloads: readonly OfRelease[];
  deletions: readonly Image[];
  /** `isFree`: it needs no locks. */
  kills: readonly { container: Container; isFree: boolean }[];
  installs: readonly { part: OfRelease; isFree: boolean; handsOver: boolean }[];
  renames: readonly { container: Container; part: OfRelease; isFree: boolean }[];
  /** One if the device has to reboot, which comes last. */
  reboots: readonly { isFree: boolean }[];
}

/** Whether there is nothing to begin. */
export function isEmpty(plan: Plan): boolean {
  return Object.values(plan).every((list: readonly unknown[]) => list.length === 0);
}

/**
 * Compares an app with the goal of its apply. Images that nobody needs go first, then the missing ones are downloaded, then
 * containers are replaced. What has begun is not begun again.
 */
export function planOf(model: Model, app: App, target: ApplyTarget): Plan {
  const isTarget = target.goal === 'target';
  const wanted = partsOf(target.release);
  const fates = app.containers.map((container) => ({ container, fate: fateOf(model, app, container, target) }));
  const isLeaving = ({ containerId }: Container): boolean =>
    app.steps.some((step) => step.does === 'kill' && step.containerId === containerId);
  const stale = fates.flatMap(({ container, fate }) =>
    fate.is === 'stale' || isLeaving(container) ? [container] : [],
  );
  const present = fates.flatMap(({ container, fate }) =>
    fate.is === 'stale' || isLeaving(container) ? [] : [{ container, ...fate }],
  );
  const hasStale = ({ service }: OfRelease): boolean => stale.some((each) => isOf(each, service.serviceName));
  const isComing = (part: OfRelease): boolean =>
    app.steps.some((step) => step.does === 'prepare' && isSameRecord(model, step.part, part));
  const runningOf = (part: OfRelease): Container | undefined =>
    present.find((each) => isSameRecord(model, each.part, part))?.container;

  const has = (part: OfRelease, status: Image['status']): boolean =>
    app.images.some((image) => image.status === status && isSameRecord(model, image, part));
  const isHere = (part: OfRelease): boolean => !isTarget || has(part, 'Downloaded');
  const absent = wanted.filter((part) => !isHere(part) && !has(part, 'Downloading') && !has(part, 'Deleting'));
  const records = absent.filter(({ service }) =>
    app.images.some((image) => image.status === 'Downloaded' && image.service.dockerImageId === service.dockerImageId),
  );
  const areAllHere = wanted.every(isHere);
  const deletions = isTarget && !model.localMode ? leftoversOf(model, app, wanted, isHere) : [];
  const areEarly = deletions.some(({ commit }) => commit !== app.release.commit) || isDeletingEarly(app);
  const downloads = absent.filter(
    (part) => records.length === 0 && !areEarly && !(killsFirst(part.service) && hasStale(part)),
  );

  const { locksOnlyToKill } = model.era;
  const partOf = (container: Container): OfRelease | undefined =>
    wanted.find(({ service }) => isOf(container, service.serviceName));
  const kills = stale
    .filter((container) => !isLeaving(container))
    .flatMap((container) => {
      const part = partOf(container);
      if (!isTarget || !part) return areAllHere ? [{ container, isFree: false }] : [];
      if (strategyOf(part.service) === 'hand-over') {
        const isUp = !['Installing', 'Installed', 'Starting'].includes(runningOf(part)?.status ?? 'Installing');
        return isUp ? [{ container, isFree: true }] : [];
      }
      const isDue = areAllHere || (killsFirst(part.service) && !isHere(part) && !records.includes(part));
      return isDue ? [{ container, isFree: false }] : [];
    });
  const isAwaited = ({ service }: OfRelease): boolean =>
    [...deletions, ...app.images.filter(({ status }) => status === 'Deleting')].some(
      (image) => image.service.serviceName === service.serviceName,
    );
  const installs = wanted
    .filter((part) => runningOf(part) === undefined && !isComing(part) && isHere(part))
    .flatMap((part): Plan['installs'] => {
      const handsOver = isTarget && strategyOf(part.service) === 'hand-over' && hasStale(part);
      if (handsOver) return [{ part, isFree: true, handsOver }];
      if (hasStale(part) || isAwaited(part)) return [];
      const isDue = areAllHere || killsFirst(part.service);
      return isDue ? [{ part, isFree: locksOnlyToKill, handsOver }] : [];
    });
  const renames = present.flatMap(({ container, is, part }) =>
    is === 'renamed' && areAllHere ? [{ container, part, isFree: locksOnlyToKill }] : [],
  );
  const work = { records, downloads, deletions, kills, installs, renames, reboots: [] };
  const isFirst = model.apps[0]?.appId === app.appId;
  const isRebootDue = isTarget && isFirst && model.host.needsReboot && isEmpty(work) && app.steps.length === 0;
  return isRebootDue ? { ...work, reboots: [{ isFree: false }] } : work;
}

// Those of the running release stay until the new image of their service is here, if nobody wants them to go first.
function leftoversOf(
  model: Model,
  app: App,
  wanted: readonly OfRelease[],
  isHere: (part: OfRelease) => boolean,
): Image[] {
  const unused = app.images.filter(
    (image) =>
      image.status === 'Downloaded' &&
      !wanted.some((part) => isSameRecord(model, part, image)) &&
      !app.containers.some((container) => isSameRecord(model, container, image)),
  );
  return unused.filter(({ commit, service }) => {
    if (commit !== app.release.commit) return true;
    const part = wanted.find((each) => each.service.serviceName === service.serviceName);
    return !part || isHere(part) || strategyOf(part.service) === 'delete-then-download';
  });
}

function isDeletingEarly({ images, release }: App): boolean {
  return images.some(({ status, commit }) => status === 'Deleting' && commit !== release.commit);
}

function isOf({ service }: Container, serviceName: string): boolean {
  return service.serviceName === serviceName;
}
