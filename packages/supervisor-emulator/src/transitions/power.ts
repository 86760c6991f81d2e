import { startTarget } from '../apply/advance-app.js';
import { abandonStage } from '../apply/stage-effects.js';
import type { App, Container, Model, ModelOutage } from '../model/model.js';
import type { Outcome } from '../call/route.js';
import { taskDurationsMs } from '../apply/end-task.js';
import { changeApps } from './change-apps.js';

/** The device, or only the Supervisor's process, goes down. */
export function goDown(model: Model, cause: ModelOutage['cause'], now: number): Model {
  const { rebootDurationMs, restartDurationMs } = model.timings;
  const durationMs = { reboot: rebootDurationMs, restart: restartDurationMs, shutdown: Infinity }[cause];
  return { ...model, outage: { cause, since: now, until: now + durationMs } };
}

/** Stops all containers, then does the rest. An apply in progress is cancelled. */
export function stopContainers(then: (model: Model, now: number) => Outcome): (model: Model, now: number) => Outcome {
  return (model, now) => {
    const stopping = changeApps(model, (app) => {
      const calm = abandonStage(model, app, now);
      return { ...calm, containers: calm.containers.map(beingStopped) };
    });
    const stopped = (latest: Model, at: number): Outcome =>
      then(
        changeApps(latest, (app) => ({ ...app, containers: app.containers.map(settled) })),
        at,
      );
    return { model: stopping, until: now + taskDurationsMs.stop, resume: stopped };
  };
}

/**
 * The Supervisor is back and starts to bring the apps to their targets. After a boot,
 * containers have restarted, and locks are gone because they are on a tmpfs.
 */
export function comeBack(model: Model, now: number): Model {
  const { outage } = model;
  if (!outage) return model;
  const isBoot = outage.cause !== 'restart';
  const back = { ...model, outage: undefined, boots: model.boots + (isBoot ? 1 : 0) };
  return changeApps(back, (app) => {
    const left = abandonStage(back, app, outage.since);
    const calm: App = {
      ...left,
      tasks: [],
      held: false,
      reported: { pending: false, failed: false, downloaded: false },
    };
    const booted = isBoot
      ? { ...calm, locks: [], containers: calm.containers.map((each) => started(each, now)) }
      : calm;
    const awake = { ...booted, containers: booted.containers.map(settled) };
    return startTarget(back, awake, { force: false, failures: 0 }, now);
  });
}

function beingStopped(container: Container): Container {
  return { ...container, status: 'Stopping' };
}

function started(container: Container, now: number): Container {
  return { ...container, status: 'Running', startedAt: now };
}

// The engine finishes what the Supervisor had started before it went down.
function settled(container: Container): Container {
  if (container.status === 'Stopping') return { ...container, status: 'exited' };
  return container.status === 'Starting' ? { ...container, status: 'Running' } : container;
}
