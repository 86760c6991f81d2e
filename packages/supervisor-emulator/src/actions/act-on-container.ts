import { taskDurationsMs } from '../apply/end-task.js';
import { refuseLocked } from '../call/failures.js';
import type { App, Container, Model, ServiceTask } from '../model/model.js';
import type { Outcome } from '../call/route.js';
import { changeApp } from '../transitions/change-apps.js';
import { findApp } from '../transitions/find-app.js';
import { withLock } from './with-lock.js';

export type Action = 'start' | 'stop' | 'restart';

export interface ContainerAction {
  action: Action;
  force: boolean;
  /** The answer when it is done. */
  done: (model: Model) => Outcome;
}

/** Starts, stops or restarts the service of a container. The answer follows when that is done. Only starting needs no locks. */
export function actOnContainer(
  model: Model,
  app: App,
  container: Container,
  request: ContainerAction,
  now: number,
): Outcome {
  const { appId } = app;
  if (request.action === 'start') return begin(model, appId, container, request, now);
  const { era } = model;
  return withLock(
    model,
    {
      appIds: [appId],
      serviceName: era.serviceLockIsItsOwn ? container.service.serviceName : undefined,
      force: request.force,
      locked: (reason) => ({ answer: refuseLocked(era, reason) }),
      work: (latest, at) => begin(latest, appId, container, request, at),
    },
    now,
  );
}

// The action is for the container at the time of the call: if that has been replaced meanwhile, there is nothing to do.
function begin(model: Model, appId: number, asked: Container, { action, done }: ContainerAction, now: number): Outcome {
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
  status: Container['status'];
  durationMs: number;
}

// Starting a running container, or stopping a stopped one, does nothing.
const plans: Readonly<Record<Action, (status: Container['status']) => Plan | undefined>> = {
  start: (status) =>
    status === 'exited' ? { does: 'run', status: 'Starting', durationMs: taskDurationsMs.start } : undefined,
  stop: (status) =>
    status === 'exited' ? undefined : { does: 'exit', status: 'Stopping', durationMs: taskDurationsMs.stop },
  restart: () => ({ does: 'recreate', status: 'Stopping', durationMs: taskDurationsMs.recreate }),
};
