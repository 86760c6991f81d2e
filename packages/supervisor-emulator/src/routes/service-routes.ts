import { sendFailure, sendJson, sendText } from '../answer.js';
import { checkInteger, checkString, isTruthy } from '../check-value.js';
import type { Model } from '../model.js';
import { actOnService, messages } from '../transitions/service-action.js';
import type { ServiceAction } from '../transitions/service-action.js';
import { existingContainers } from '../views/app-view.js';
import type { Handle, Outcome, Route } from './route.js';
import { withEngine } from './with-engine.js';

type Action = ServiceAction['action'];

/** Single services. */
export const serviceRoutes: readonly Route[] = [
  { method: 'POST', path: '/v1/apps/:appId/stop', since: '1.8.0', key: 'any', handle: actV1('stop') },
  { method: 'POST', path: '/v1/apps/:appId/start', since: '1.8.0', key: 'any', handle: actV1('start') },
  ...(['restart', 'stop', 'start'] as const).map((action): Route => {
    const path = `/v2/applications/:appId/${action}-service`;
    return { method: 'POST', path, since: '7.0.0', key: 'any', handle: actV2(action) };
  }),
];

function actV1(action: Action): Handle {
  return (model, { params, body, isScoped, now }) => {
    const appId = checkInteger(params['appId']);
    if (appId === undefined) return { answer: sendText(400, 'Invalid app id') };
    if (!isScoped(appId)) return { answer: unauthorized };
    const done = (latest: Model): Outcome => containerOf(latest, appId);
    return act(model, { action, appId, force: isTruthy(body['force']), absentStatus: 400, done }, now);
  };
}

function actV2(action: Action): Handle {
  return (model, { params, body, isScoped, now }) => {
    const appId = checkInteger(params['appId']);
    if (!appId) return { answer: sendFailure(400, 'Invalid app id') };
    if (!isScoped(appId)) return { answer: sendFailure(401, 'Unauthorized') };
    const imageId = checkInteger(body['imageId']);
    const serviceName = checkString(body['serviceName']);
    if (serviceName === undefined && !imageId) return { answer: sendText(400, messages.serviceMissing) };
    const done = (): Outcome => ({ answer: sendText(200, 'OK') });
    const force = isTruthy(body['force']);
    return act(model, { action, appId, imageId, serviceName, force, absentStatus: 404, done }, now);
  };
}

function act(model: Model, request: ServiceAction, now: number): Outcome {
  return withEngine(
    model,
    now,
    (message) => ({ answer: sendFailure(503, message) }),
    (latest, then) => actOnService(latest, request, then),
  );
}

function containerOf(model: Model, appId: number): Outcome {
  const [container] = model.apps.filter((app) => app.appId === appId).flatMap(existingContainers);
  if (!container) return { answer: sendText(400, messages.appNotFound) };
  return { answer: sendJson(200, { containerId: container.containerId }) };
}

const unauthorized = sendText(401, 'Unauthorized');
