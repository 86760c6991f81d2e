import { sendText } from '../call/answer.js';
import type { Answer } from '../call/answer.js';
import { firstHolder, lockedUntil, nextMomentOf, withTriedLocks } from '../apply/lock-hold.js';
import { abandonApply, startRecreation, startTarget } from '../apply/start-apply.js';
import type { Era } from '../eras/era.js';
import { fail, refuseLocked, typeErrorWords } from '../call/failures.js';
import { lockWords } from '../eras/lock-words.js';
import { appNotFoundWords } from '../eras/not-found-words.js';
import type { App, Model } from '../model/model.js';
import type { Outcome } from '../call/route.js';
import { changeApp, changeApps } from '../transitions/change-apps.js';
import { findApp } from '../transitions/find-app.js';

export interface Recreation {
  goal: 'restart' | 'purge';
  appId: number;
  force: boolean;
  /** The answer when it is done. */
  done: Outcome;
}

/**
 * `restart` and `purge`: containers are removed and recreated before the answer. Any other apply in
 * progress is cancelled and begins again afterwards. A second one at the same time ends the first, which is answered
 * as if it were done, and fails itself; in older versions it waits.
 */
export function recreateApp(model: Model, request: Recreation, now: number): Outcome {
  const app = findApp(model, request.appId);
  if (!app) return { answer: unknownApp(model.era, request) };
  const other = model.apps.find(({ apply }) => apply !== undefined && apply.goal !== 'target');
  if (other && model.era.secondRecreationWaits) {
    return { until: nextMomentOf(other), resume: (later, at) => recreateApp(later, request, at) };
  }
  if (other) {
    const ended = changeApps(model, (each) => (each === other || each === app ? triedAgain(model, each, now) : each));
    const failed = fail(model.era, "Cannot read properties of null (reading 'local')");
    return { model: ended, until: now + untilNextStepMs, resume: () => ({ answer: failed }) };
  }
  if (model.era.recreationLocksFirst) return begin(model, request, app, now);
  return begin(
    changeApp(model, app.appId, (each) => givenUp(model, each, now)),
    request,
    app,
    now,
  );
}

function unknownApp(era: Era, { goal, appId }: Recreation): Answer {
  if (era.unknownAppIs400) return sendText(400, goal === 'restart' ? 'App not found' : appNotFoundWords(era));
  if (goal === 'restart' && era.unknownRestartIsTypeError) return fail(era, typeErrorWords(era, 'services'));
  if (goal === 'purge' && era.unknownPurgeIsNotFound) return fail(era, appNotFoundWords(era));
  return fail(era, `Application with ID ${appId} is not in the current state`);
}

function begin(model: Model, request: Recreation, before: App, now: number): Outcome {
  const { era } = model;
  const app = findApp(model, request.appId);
  if (!app) return request.done;
  const freeAt = lockedUntil(app);
  if (freeAt > now) return { model, until: freeAt, resume: (later, at) => begin(later, request, before, at) };
  const holder = (request.goal === 'purge' ? findDoubled(app) : undefined) ?? firstHolder(app);
  const ignoresLocks = request.force || (request.goal === 'purge' && era.purgeIgnoresLocks);
  if (holder !== undefined && !ignoresLocks) {
    const answer = refuseLocked(era, lockWords(era, app.appId, holder));
    const tried = changeApp(model, app.appId, (each) => withTriedLocks(each, holder));
    if (era.recreationLocksFirst) return { model: tried, answer };
    const how = { force: false, failures: before.apply?.failures ?? 0, looksAnyway: true };
    return { model: changeApp(tried, app.appId, (each) => startTarget(model, each, how, now)), answer };
  }
  const begun = changeApp(model, app.appId, (each) =>
    startRecreation({ ...givenUp(model, each, now), locks: [] }, request.goal, now),
  );
  return wait(begun, request, now, begun);
}

function wait(model: Model, request: Recreation, startedAt: number, changed?: Model): Outcome {
  const app = findApp(model, request.appId);
  const isUnderWay = app?.apply?.goal === request.goal && app.apply.startedAt === startedAt;
  if (!isUnderWay) return request.done;
  const until = nextMomentOf(app);
  const resume = (later: Model): Outcome => wait(later, request, startedAt);
  return changed ? { model: changed, until, resume } : { until, resume };
}

function givenUp(model: Model, app: App, now: number): App {
  return app.apply ? abandonApply(model, app, now) : app;
}

// A purge takes the lock of each container. Where a service has two, it meets its own.
function findDoubled({ containers }: App): string | undefined {
  const names = containers.map(({ service }) => service.serviceName);
  return names.find((name, index) => names.indexOf(name) !== index);
}

function triedAgain(model: Model, app: App, now: number): App {
  return startTarget(model, givenUp(model, app, now), { force: false, failures: 0 }, now);
}

const untilNextStepMs = 10;
