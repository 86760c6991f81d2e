import { sendJson, sendText } from '../call/answer.js';
import { fail, refuseLocked, typeErrorWords } from '../call/failures.js';
import type { Model } from '../model/model.js';
import type { Outcome } from '../call/route.js';
import { existingContainers } from '../views/app-view.js';
import { actOnContainer } from './act-on-container.js';
import type { ContainerAction } from './act-on-container.js';
import { findApp } from '../transitions/find-app.js';
import { withLock } from './with-lock.js';

export interface OnlyServiceAction extends ContainerAction {
  action: 'start' | 'stop';
  appId: number;
  /** Whether the caller's key covers the app. */
  isCovered: boolean;
}

/** An action of v1 before 14.5.0: on the only service of an app, which is looked up before anything else. */
export function actOnOnlyService(model: Model, request: OnlyServiceAction, now: number): Outcome {
  const { era } = model;
  const { action, appId } = request;
  const app = findApp(model, appId);
  if (!app && era.v1UnknownAppIsNotFound) return { answer: sendText(400, 'App not found') };
  if (!app) return { answer: fail(era, typeErrorWords(era, 'volumes')) };
  if (era.v1ActionsFail) return { answer: fail(era, typeErrorWords(era, 'services')) };
  const [container, ...others] = existingContainers(app);
  if (!container) return { answer: sendText(400, era.noServicesIsTold ? 'No services on app' : 'App not found') };
  if (others.length > 0) {
    return { answer: sendText(400, 'Some v1 endpoints are only allowed on single-container apps') };
  }
  if (!request.isCovered) return { answer: sendText(401, 'Unauthorized') };
  if (action === 'start' && era.v1StartFails) return { answer: fail(era, typeErrorWords(era, 'appId')) };
  if (action === 'start' && era.v1ActionsAreHalf) return { answer: fail(era, typeErrorWords(era, 'serviceId')) };
  if (action === 'start' && era.v1StartNeedsLock) {
    const locked = (reason: string): Outcome => ({ answer: refuseLocked(era, reason) });
    const work = (latest: Model, at: number): Outcome => actOnContainer(latest, app, container, request, at);
    return withLock(model, { appIds: [appId], force: false, locked, work }, now);
  }
  const done = action === 'stop' && era.v1ActionsAreHalf ? (): Outcome => emptyAnswer : request.done;
  const outcome = actOnContainer(model, app, container, { ...request, done }, now);
  return action === 'stop' && era.v1StopIsEarly ? answeredEarly(outcome, done) : outcome;
}

const emptyAnswer: Outcome = { answer: sendJson(200, {}) };

/** The action as soon as it has begun. Before that it may have to wait for locks. */
function answeredEarly(outcome: Outcome, done: (model: Model) => Outcome): Outcome {
  if (!('resume' in outcome)) return outcome;
  if (outcome.model) return { model: outcome.model, ...done(outcome.model) };
  const { until, resume } = outcome;
  return { until, resume: (later, at) => answeredEarly(resume(later, at), done) };
}
