import { sendText } from '../call/answer.js';
import { fail, typeErrorWords } from '../call/failures.js';
import { appNotFoundWords, serviceNotFoundWords } from '../eras/not-found-words.js';
import type { Container, Model } from '../model/model.js';
import type { Outcome } from '../call/route.js';
import { existingContainers } from '../views/app-view.js';
import { actOnContainer } from './act-on-container.js';
import type { ContainerAction } from './act-on-container.js';
import { findAwaited, startAwaited } from './start-awaited-service.js';
import { findApp } from '../transitions/find-app.js';

export interface ServiceAction extends ContainerAction {
  appId: number;
  imageId?: number | undefined;
  serviceName?: string | undefined;
  /** The status for an unknown app or service: 400 in v1, 404 in v2. */
  absentStatus: 400 | 404;
}

/** An action on one service since 14.5.0: an app with one container uses that one, whatever was requested. */
export function actOnService(model: Model, request: ServiceAction, now: number): Outcome {
  const { era } = model;
  const app = findApp(model, request.appId);
  // The Supervisor fails because it has no such target.
  if (!app) return { answer: fail(era, typeErrorWords(era, 'volumes')) };
  const containers = existingContainers(app);
  if (containers.length === 0) return { answer: sendText(request.absentStatus, appNotFoundWords(era)) };
  const isSingle = containers.length === 1;
  if (!isSingle && request.serviceName === undefined && !request.imageId) {
    return { answer: sendText(400, selectorMissingWords) };
  }
  const container = isSingle ? containers[0] : containers.find(({ service }) => isMeant(service, request));
  if (!container) return { answer: sendText(request.absentStatus, serviceNotFoundWords(era)) };
  const { imageId, serviceName } = container.service;
  if (!app.target.services.some((target) => isMeant(target, { imageId, serviceName }))) {
    return { answer: sendText(404, 'Service does not exist in target release') };
  }
  const awaited = request.action === 'start' ? findAwaited(model, app, serviceName) : undefined;
  if (awaited) return startAwaited(model, app, awaited, request.done, now);
  return actOnContainer(model, app, container, request, now);
}

/** The Supervisor's answer if a request does not say which of several services it means. */
export const selectorMissingWords =
  'serviceName or imageId parameters were not provided or the app is multi-container. Use the v2 service action endpoints.';

function isMeant(
  service: Container['service'],
  { imageId, serviceName }: Pick<ServiceAction, 'imageId' | 'serviceName'>,
): boolean {
  return service.imageId === imageId || service.serviceName === serviceName;
}
