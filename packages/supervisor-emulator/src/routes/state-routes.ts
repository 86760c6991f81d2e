import { sendFailure, sendJson } from '../call/answer.js';
import { checkInteger } from '../call/check-value.js';
import { fail } from '../call/failures.js';
import type { Model } from '../model/model.js';
import { existingContainers, isPresent, legacyServicesOf } from '../views/app-view.js';
import { applicationsView } from '../views/applications-view.js';
import { stateStatusView } from '../views/state-status-view.js';
import type { Call, Outcome, Route } from '../call/route.js';
import { crashing, withEngine } from './with-engine.js';

/** The running apps and services. */
export const stateRoutes: readonly Route[] = [
  { method: 'GET', path: '/v2/applications/state', since: '7.12.0', key: 'any', handle: applications },
  { method: 'GET', path: '/v2/applications/:appId/state', since: '7.12.0', key: 'any', handle: application },
  { method: 'GET', path: '/v2/state/status', since: '9.7.0', key: 'any', handle: crashing(stateStatus) },
  { method: 'GET', path: '/v2/containerId', since: '8.6.0', key: 'any', handle: crashing(containerId) },
  { method: 'GET', path: '/v2/cleanup-volumes', since: '10.0.0', key: 'any', handle: crashing(cleanUpVolumes) },
  { method: 'GET', path: '/v2/version', since: '7.21.0', key: 'any', handle: version },
];

function applications(model: Model, { isScoped, now }: Call): Outcome {
  return withEngine(
    model,
    now,
    (message) => (model.era.failureIsText ? { noAnswer: 'hang' } : { answer: fail(model.era, message) }),
    (latest, then) => ({ answer: sendJson(200, applicationsView(latest, isScoped, then)) }),
  );
}

function application(model: Model, { params, isScoped, now }: Call): Outcome {
  const { era } = model;
  if (era.appStateIgnoresId) return anyApplication(model, now);
  const appId = checkInteger(params['appId']);
  if (!appId) return { answer: sendFailure(400, `Invalid application ID: ${params['appId']}`) };
  return withEngine(
    model,
    now,
    () => ({ answer: sendFailure(500, `Unable to retrieve state for application ID: ${appId}`) }),
    (latest, then) => {
      const app = latest.apps.find((each) => each.appId === appId && isPresent(each));
      if (!app || !isScoped(appId)) return { answer: sendFailure(409, `Application ID does not exist: ${appId}`) };
      const { commit } = (era.commitIsOfDevice ? (latest.apps.find(isPresent) ?? app) : app).release;
      const local = { [appId]: { services: legacyServicesOf(app, then) } };
      return {
        answer: sendJson(200, {
          ...(commit !== '' && { commit }),
          local,
          ...(era.dependentIsTold ? { dependent: {} } : {}),
        }),
      };
    },
  );
}

// All apps, whatever the ID in the request.
function anyApplication(model: Model, now: number): Outcome {
  return withEngine(
    model,
    now,
    (message) => (model.era.failureIsText ? { noAnswer: 'hang' } : { answer: fail(model.era, message) }),
    (latest, then) => {
      const present = latest.apps.filter(isPresent);
      const local = present.map((app) => [app.appId, { services: legacyServicesOf(app, then) }]);
      const commit = present[0]?.release.commit;
      return { answer: sendJson(200, { local: Object.fromEntries(local) as unknown, dependent: {}, commit }) };
    },
  );
}

function stateStatus(model: Model, { isScoped, now }: Call): Outcome {
  const several = model.apps.filter((app) => isPresent(app) && isScoped(app.appId)).length > 1;
  if (model.era.statusRefusesSeveralApps && several) return { answer: severalAppsRefused };
  return { answer: sendJson(200, stateStatusView(model, isScoped, now)) };
}

const severalAppsRefused = sendFailure(
  405,
  'Cannot use /v2/ endpoints with a key that is scoped to multiple applications',
);

function containerId(model: Model, { query, isScoped }: Call): Outcome {
  const containers = model.apps.filter(({ appId }) => isScoped(appId)).flatMap(existingContainers);
  const wanted = query['serviceName'] ?? query['service'];
  if (wanted === undefined) {
    const services = containers.map(({ service, containerId: id }) => [service.serviceName, id]);
    return { answer: sendJson(200, { status: 'success', services: Object.fromEntries(services) as unknown }) };
  }
  const container = containers.find(({ service }) => service.serviceName === wanted);
  return container
    ? { answer: sendJson(200, { status: 'success', containerId: container.containerId }) }
    : { answer: sendFailure(503, 'Could not find service with that name') };
}

function cleanUpVolumes(): Outcome {
  return { answer: sendJson(200, { status: 'success' }) };
}

function version(model: Model): Outcome {
  return { answer: sendJson(200, { status: 'success', version: model.device.supervisorVersion }) };
}
