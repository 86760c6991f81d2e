import { beginInstall } from '../apply/begin-steps.js';
import { isSameImage, isSameRecord } from '../apply/compare-services.js';
import { nextMomentOf } from '../apply/lock-hold.js';
import type { App, Model, OfRelease } from '../model/model.js';
import { partsOf } from '../model/releases.js';
import type { Outcome } from '../call/route.js';
import { changeApp } from '../transitions/change-apps.js';
import { findApp } from '../transitions/find-app.js';

/** The service of the target that is downloaded and has no container yet, beside one that runs; undefined if there is none. */
export function findAwaited(model: Model, app: App, serviceName: string): OfRelease | undefined {
  return partsOf(app.target).find(
    (part) =>
      part.service.serviceName === serviceName &&
      app.images.some((image) => image.status === 'Downloaded' && isSameRecord(model, image, part)) &&
      !app.containers.some(({ service }) => isSameContents(service, part.service)),
  );
}

/** Starts it as the Supervisor does: in a container of its own beside the old one, without a lock. */
export function startAwaited(
  model: Model,
  app: App,
  part: OfRelease,
  done: (model: Model) => Outcome,
  now: number,
): Outcome {
  const begun = changeApp(model, app.appId, (each) =>
    beginInstall(each, { part, handsOver: false }, { goal: 'target', isSmall: false }, now),
  );
  const wait = (latest: Model): Outcome => {
    const present = findApp(latest, app.appId);
    const coming = present?.containers.find(({ service }) => isSameImage(service, part.service));
    const isComing = coming !== undefined && ['Installing', 'Installed', 'Starting'].includes(coming.status);
    return present && isComing ? { until: nextMomentOf(present), resume: wait } : done(latest);
  };
  return { ...wait(begun), model: begun };
}

function isSameContents(one: OfRelease['service'], other: OfRelease['service']): boolean {
  return one.serviceName === other.serviceName && one.dockerImageId === other.dockerImageId;
}
