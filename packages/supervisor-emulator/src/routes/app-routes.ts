import { sendFailure, sendJson, sendText } from '../call/answer.js';
import { checkInteger } from '../call/check-value.js';
import { fail, outOfScopeWords } from '../call/failures.js';
import { isForced, isForcedAsIs } from '../call/force.js';
import type { Model } from '../model/model.js';
import { recreateApp } from '../actions/recreate-app.js';
import type { Recreation } from '../actions/recreate-app.js';
import { existingContainers } from '../views/app-view.js';
import { environmentView } from '../views/environment-view.js';
import type { Call, Outcome, Route } from '../call/route.js';
import { withEngine } from './with-engine.js';

/** Whole apps. */
export const appRoutes: readonly Route[] = [
  { method: 'POST', path: '/v1/restart', since: '1.1.0', key: 'any', handle: restartV1 },
  { method: 'POST', path: '/v1/purge', since: '1.1.0', key: 'any', handle: purgeV1 },
  { method: 'POST', path: '/v2/applications/:appId/restart', since: '7.0.0', key: 'any', handle: restartV2 },
  { method: 'POST', path: '/v2/applications/:appId/purge', since: '7.0.0', key: 'any', handle: purgeV2 },
  { method: 'GET', path: '/v1/apps/:appId', since: '1.8.0', key: 'any', handle: singleContainerApp },
];

const ok: Outcome = { answer: sendText(200, 'OK') };

function restartV1(model: Model, call: Call): Outcome {
  const appId = checkInteger(call.body['appId']);
  if (appId === undefined) return { answer: sendText(400, 'Missing app id') };
  return recreate(model, call, { goal: 'restart', appId, force: isForced(call.body), done: ok });
}

function purgeV1(model: Model, call: Call): Outcome {
  const appId = checkInteger(call.body['appId']);
  if (appId === undefined) return { answer: sendText(400, 'Invalid or missing appId') };
  const done: Outcome = { answer: sendJson(200, { Data: 'OK', Error: '' }) };
  return recreate(model, call, { goal: 'purge', appId, force: isForced(call.body), done });
}

function restartV2(model: Model, call: Call): Outcome {
  return recreateV2(model, call, 'restart');
}

function purgeV2(model: Model, call: Call): Outcome {
  return recreateV2(model, call, 'purge');
}

function recreateV2(model: Model, call: Call, goal: Recreation['goal']): Outcome {
  const { era } = model;
  const isAnyTried = goal === 'restart' ? era.anyAppIdIsTried : era.anyAppIdIsPurged;
  const appId = checkInteger(call.params['appId']) ?? (isAnyTried ? 0 : undefined);
  if (appId === undefined || (appId === 0 && !isAnyTried)) return { answer: sendFailure(400, 'Missing app id') };
  return recreate(model, call, { goal, appId, force: isForcedAsIs(era, call.body), done: ok });
}

function recreate(model: Model, { isScoped, now }: Call, request: Recreation): Outcome {
  if (!isScoped(request.appId)) return { answer: sendFailure(401, outOfScopeWords(model.era)) };
  return withEngine(
    model,
    now,
    (message) => ({ answer: fail(model.era, message) }),
    (latest, then) => recreateApp(latest, request, then),
  );
}

function singleContainerApp(model: Model, { params, isScoped, now }: Call): Outcome {
  const appId = checkInteger(params['appId']);
  if (appId === undefined) return { answer: sendText(400, 'Missing app id') };
  const isCovered = isScoped(appId);
  if (!isCovered && !model.era.v1LooksUpFirst) return { answer: unavailable };
  return withEngine(
    model,
    now,
    (message) => ({ answer: fail(model.era, message) }),
    (latest) => viewSingleContainerApp(latest, appId, isCovered),
  );
}

const unavailable = sendFailure(401, 'Application is not available');

function viewSingleContainerApp(model: Model, appId: number, isCovered: boolean): Outcome {
  const app = model.apps.find((each) => each.appId === appId);
  const [container, ...others] = app ? existingContainers(app) : [];
  if (!app || !container) return { answer: sendText(400, 'App not found') };
  if (!isCovered) return { answer: unavailable };
  if (others.length > 0) {
    return { answer: sendText(400, 'Some v1 endpoints are only allowed on single-container apps') };
  }
  const { containerId, service, releaseId } = container;
  const env = environmentView(model, app, service);
  const imageId = service.dockerImageId;
  const { commit } = app.release;
  if (model.era.singleAppIsLegacy) {
    return { answer: sendJson(200, { appId: String(appId), commit, imageId, env, containerId }) };
  }
  if (model.era.singleAppIsBare) return { answer: sendJson(200, { appId, containerId, env: {}, releaseId, commit }) };
  return { answer: sendJson(200, { appId, commit, containerId, env, imageId, releaseId }) };
}
