import { taskDurationsMs } from '../apply/end-task.js';
import { abandonApply, startTarget } from '../apply/start-apply.js';
import { surviveBoot, surviveDeath } from '../apply/survive-death.js';
import type { Outcome } from '../call/route.js';
import type { Container, Model, ModelOutage } from '../model/model.js';
import { changeApps } from './change-apps.js';

/** The device, or only the Supervisor's process, goes down. */
export function goDown(
  model: Model,
  cause: ModelOutage['cause'],
  now: number,
  timesMs: Partial<OutageTimes> = {},
): Model {
  const { rebootDurationMs, restartDurationMs } = model.timings;
  const { downMs = { reboot: rebootDurationMs, restart: restartDurationMs, shutdown: Infinity }[cause] } = timesMs;
  const { containersAfterMs = Math.max(downMs / 2, downMs - headStartMs) } = timesMs;
  return { ...model, outage: { cause, since: now, containersAt: now + containersAfterMs, until: now + downMs } };
}

/** How long the parts of an outage take, in ms. */
export interface OutageTimes {
  /** Until the Supervisor answers again. */
  downMs: number;
  /** Until the engine starts the containers, in a reboot. */
  containersAfterMs: number;
}

/** Stops all containers, then does the rest. An apply in progress is cancelled. */
export function stopContainers(then: (model: Model, now: number) => Outcome): (model: Model, now: number) => Outcome {
  return (model, now) => {
    const stopping = changeApps(model, (app) => {
      const calm = abandonApply(model, app, now);
      return { ...calm, containers: calm.containers.map(beingStopped) };
    });
    const stopped = (latest: Model, at: number): Outcome =>
      then(
        changeApps(latest, (app) => ({ ...app, containers: app.containers.map(exited) })),
        at,
      );
    return { model: stopping, until: now + taskDurationsMs.stop, resume: stopped };
  };
}

/** Whether the engine has yet to start the containers. */
export function isBootDue({ outage }: Model): boolean {
  return outage !== undefined && outage.cause !== 'restart' && !outage.hasBooted;
}

/** The engine starts the containers, before there is a Supervisor. Their lock folders are new. */
export function bootContainers(model: Model, now: number): Model {
  if (!model.outage || !isBootDue(model)) return model;
  const host = { ...model.host, needsReboot: false };
  const booted = { ...model, host, boots: model.boots + 1, outage: { ...model.outage, hasBooted: true as const } };
  return changeApps(booted, (app) => surviveBoot(app, now));
}

/** The Supervisor is back and looks what there is to do. */
export function comeBack(model: Model, now: number): Model {
  if (!model.outage) return model;
  const back = { ...bootContainers(model, now), outage: undefined, starts: model.starts + 1 };
  return changeApps(back, (app) => {
    const how = { force: false, failures: 0, looksAnyway: true };
    return startTarget(back, surviveDeath(app, now), how, now);
  });
}

function beingStopped(container: Container): Container {
  return { ...container, status: 'Stopping' };
}

function exited(container: Container): Container {
  return container.status === 'Stopping' ? { ...container, status: 'exited' } : container;
}

/** How long before the Supervisor the containers are there. */
const headStartMs = 700;
