import { sendFailure, sendJson, sendText } from '../call/answer.js';
import { checkInteger, checkString } from '../call/check-value.js';
import { fail, outOfScopeWords } from '../call/failures.js';
import { isForced, isForcedAsIs } from '../call/force.js';
import { appNotFoundWords } from '../eras/not-found-words.js';
import type { Model } from '../model/model.js';
import type { Action } from '../actions/act-on-container.js';
import { actOnListedService } from '../actions/act-on-listed-service.js';
import { actOnOnlyService } from '../actions/act-on-only-service.js';
import { actOnService, selectorMissingWords } from '../actions/act-on-service.js';
import { existingContainers } from '../views/app-view.js';
import type { Handle, Outcome, Route } from '../call/route.js';
import { withEngine } from './with-engine.js';

/** Single services. */
export const serviceRoutes: readonly Route[] = [
  { method: 'POST', path: '/v1/apps/:appId/stop', since: '1.8.0', key: 'any', handle: actV1('stop') },
  { method: 'POST', path: '/v1/apps/:appId/start', since: '1.8.0', key: 'any', handle: actV1('start') },
  ...(['restart', 'stop', 'start'] as const).map((action): Route => {
    const path = `/v2/applications/:appId/${action}-service`;
    return { method: 'POST', path, since: '7.0.0', key: 'any', handle: actV2(action) };
  }),
];

function actV1(action: 'start' | 'stop'): Handle {
  return (model, { params, body, isScoped, now }) => {
    const { era } = model;
    const appId = checkInteger(params['appId']);
    if (appId === undefined) return { answer: sendText(400, era.v1LooksUpFirst ? 'Missing app id' : 'Invalid app id') };
    const isCovered = isScoped(appId);
    const force = isForced(body);
    const done = (latest: Model): Outcome => containerOf(latest, appId);
    return reach(model, now, (latest, at) => {
      if (era.v1LooksUpFirst) return actOnOnlyService(latest, { action, appId, force, isCovered, done }, at);
      if (!isCovered) return { answer: sendText(401, 'Unauthorized') };
      return actOnService(latest, { action, appId, force, absentStatus: 400, done }, at);
    });
  };
}

function actV2(action: Action): Handle {
  return (model, { params, body, isScoped, now }) => {
    const { era } = model;
    const appId = checkInteger(params['appId']) ?? (era.anyAppIdIsTried ? 0 : undefined);
    if (appId === undefined || (appId === 0 && !era.anyAppIdIsTried)) {
      return { answer: sendFailure(400, era.bodyIsTakenAsIs ? 'Missing app id' : 'Invalid app id') };
    }
    if (!isScoped(appId)) return { answer: sendFailure(401, outOfScopeWords(era)) };
    const force = isForcedAsIs(era, body);
    const done = (): Outcome => ({ answer: sendText(200, 'OK') });
    if (era.bodyIsTakenAsIs) {
      const { imageId, serviceName } = body;
      return reach(model, now, (latest, at) =>
        actOnListedService(latest, { action, appId, imageId, serviceName, force, done }, at),
      );
    }
    const imageId = checkInteger(body['imageId']);
    const serviceName = checkString(body['serviceName']);
    if (serviceName === undefined && !imageId) return { answer: sendText(400, selectorMissingWords) };
    return reach(model, now, (latest, at) =>
      actOnService(latest, { action, appId, imageId, serviceName, force, absentStatus: 404, done }, at),
    );
  };
}

function reach(model: Model, now: number, work: (model: Model, now: number) => Outcome): Outcome {
  return withEngine(model, now, (message) => ({ answer: fail(model.era, message) }), work);
}

function containerOf(model: Model, appId: number): Outcome {
  const [container] = model.apps.filter((app) => app.appId === appId).flatMap(existingContainers);
  if (!container) return { answer: sendText(400, appNotFoundWords(model.era)) };
  return { answer: sendJson(200, { containerId: container.containerId }) };
}
