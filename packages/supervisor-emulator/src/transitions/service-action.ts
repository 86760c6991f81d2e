import { taskDurationsMs } from '../apply/end-task.js';
import type { Container, Model, ServiceTask } from '../model.js';
import type { Outcome } from '../routes/route.js';
import { sendFailure, sendText } from '../answer.js';
import { existingContainers } from '../views/app-view.js';
import { changeApp } from './change-apps.js';
import { findApp } from './find-app.js';
import { withLock } from './with-lock.js';

export interface ServiceAction {
  readonly action: 'start' | 'stop' | 'restart';
  readonly appId: number;
  readonly imageId?: number | undefined;
  readonly serviceName?: string | undefined;
  readonly force: boolean;
  /** The status for an app or service that is not there: 400 by v1, 404 by v2. */
  readonly absentStatus: 400 | 404;
  /** What is answered when it is done. */
  readonly done: (model: Model) => Outcome;
}

/** Starts, stops or restarts one service. It is answered when that is done; only starting needs no locks. */
export function actOnService(model: Model, request: ServiceAction, now: number): Outcome {
  const app = findApp(model, request.appId);
  // The Supervisor stumbles over the target that it does not have.
  if (!app) return { answer: sendFailure(503, "Cannot read properties of undefined (reading 'volumes')") };
  const containers = existingContainers(app);
  if (containers.length === 0) return { answer: sendText(request.absentStatus, messages.appNotFound) };
  const isSingle = containers.length === 1;
  if (!isSingle && request.serviceName === undefined && !request.imageId) {
    return { answer: sendText(400, messages.serviceMissing) };
  }
  // With one container it is that one, whatever was asked for.
  const container = isSingle ? containers[0] : containers.find(({ service }) => isMeant(service, request));
  if (!container) return { answer: sendText(request.absentStatus, messages.serviceNotFound) };
  const { imageId, serviceName } = container.service;
  if (!app.target.services.some((target) => isMeant(target, { imageId, serviceName }))) {
    return { answer: sendText(404, messages.targetServiceNotFound) };
  }
  if (request.action === 'start') return begin(model, app.appId, container, request, now);
  const locked = (reason: string): Outcome => ({ answer: sendFailure(423, reason) });
  const work = (latest: Model, at: number): Outcome => begin(latest, app.appId, container, request, at);
  return withLock(model, { appIds: [app.appId], force: request.force, locked, work }, now);
}

/** What the Supervisor says to what it cannot find. */
export const messages = {
  appNotFound:
    "App not found: an app needs to be installed for this endpoint to work.\n\tIf you've recently moved this device from another app,\n\tplease push an app and wait for it to be installed first.",
  serviceNotFound: 'Service not found, a container must exist for this endpoint to work',
  targetServiceNotFound: 'Service does not exist in target release',
  serviceMissing:
    'serviceName or imageId parameters were not provided or the app is multi-container. Use the v2 service action endpoints.',
};

function isMeant(
  service: Container['service'],
  { imageId, serviceName }: Pick<ServiceAction, 'imageId' | 'serviceName'>,
): boolean {
  return service.imageId === imageId || service.serviceName === serviceName;
}

// The container is the one there was when the call came: if it has been replaced meanwhile, there is nothing to do.
function begin(model: Model, appId: number, asked: Container, { action, done }: ServiceAction, now: number): Outcome {
  const { serviceName } = asked.service;
  const container = findApp(model, appId)?.containers.find(({ containerId }) => containerId === asked.containerId);
  const plan = container && plans[action](container.status);
  if (!plan) return done(model);
  const task: ServiceTask = { serviceName, does: plan.does, at: now + plan.durationMs, locked: action !== 'start' };
  const begun = changeApp(model, appId, (app) => ({
    ...app,
    containers: app.containers.map((each) => (each === container ? { ...each, status: plan.status } : each)),
    tasks: [...app.tasks, task].toSorted((one, other) => one.at - other.at),
  }));
  const wait = (latest: Model): Outcome => {
    const isUnderWay = findApp(latest, appId)?.tasks.some(
      ({ at }) => at === task.at && task.serviceName === serviceName,
    );
    return isUnderWay === true ? { until: task.at, resume: wait } : done(latest);
  };
  return { model: begun, until: task.at, resume: wait };
}

interface Plan extends Pick<ServiceTask, 'does'> {
  readonly status: Container['status'];
  readonly durationMs: number;
}

// Nothing is done to start what runs, or to stop what does not.
const plans: Readonly<Record<ServiceAction['action'], (status: Container['status']) => Plan | null>> = {
  start: (status) =>
    status === 'exited' ? { does: 'run', status: 'Starting', durationMs: taskDurationsMs.start } : null,
  stop: (status) =>
    status === 'exited' ? null : { does: 'exit', status: 'Stopping', durationMs: taskDurationsMs.stop },
  restart: () => ({ does: 'recreate', status: 'Stopping', durationMs: taskDurationsMs.recreate }),
};
