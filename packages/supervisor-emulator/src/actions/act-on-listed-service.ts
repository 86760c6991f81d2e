import { sendText } from '../call/answer.js';
import { fail, refuseLocked, typeErrorWords } from '../call/failures.js';
import { appNotFoundWords, serviceNotFoundWords } from '../eras/not-found-words.js';
import type { Model } from '../model/model.js';
import type { Outcome } from '../call/route.js';
import { existingContainers } from '../views/app-view.js';
import { actOnContainer } from './act-on-container.js';
import type { ContainerAction } from './act-on-container.js';
import { findApp } from '../transitions/find-app.js';
import { withLock } from './with-lock.js';

export interface ListedServiceAction extends ContainerAction {
  appId: number;
  /** As they are in the body. */
  imageId: unknown;
  serviceName: unknown;
}

/** An action of v2 on one service before 14.5.0: it is looked up in the list of services by exactly the values that were sent. */
export function actOnListedService(model: Model, request: ListedServiceAction, now: number): Outcome {
  const { era } = model;
  if (!era.serviceStartNeedsLock) return act(model, request, now);
  const { appId, force } = request;
  return withLock(
    model,
    {
      appIds: [appId],
      force,
      locked: (reason) => (era.lockedServiceHangs ? { noAnswer: 'hang' } : { answer: refuseLocked(era, reason) }),
      work: (latest, at) => act(latest, request, at),
    },
    now,
  );
}

function act(model: Model, request: ListedServiceAction, now: number): Outcome {
  const { era } = model;
  const app = findApp(model, request.appId);
  if (!app && era.unknownAppIsNotFound) return { answer: sendText(404, appNotFoundWords(era)) };
  if (!app) return { answer: fail(era, typeErrorWords(era, 'volumes')) };
  const imageId = request.imageId ?? undefined;
  const serviceName = era.serviceHasNoName ? undefined : (request.serviceName ?? undefined);
  if (imageId === undefined && serviceName === undefined && !era.serviceHasNoName) {
    return { answer: fail(era, 'This endpoint requires one of imageId or serviceName') };
  }
  const container = existingContainers(app).find(({ service }) =>
    imageId === undefined ? service.serviceName === serviceName : service.imageId === imageId,
  );
  if (!container) return { answer: sendText(404, serviceNotFoundWords(era)) };
  return actOnContainer(model, app, container, request, now);
}
