import type { App, Apply, Container, Model, Step } from '../model/model.js';
import { endStep, firstStep } from './end-step.js';
import { endTask } from './end-task.js';
import { failed } from './fail-apply.js';
import { finish, settleDown } from './finish-apply.js';
import { lookAround } from './look-around.js';
import { nextMomentOf } from './lock-hold.js';
import { stageAfter, stageOf } from './stage-of.js';
import { afterLoneDeleteMs, durationsOf } from './stages.js';

/** The app with all changes that time alone has caused, each at its own moment. */
export function advanceApp(model: Model, app: App, now: number): App {
  let current = app;
  for (let at = nextMomentOf(current); at <= now; at = nextMomentOf(current)) current = advanceTo(model, current, at);
  return current;
}

function advanceTo(model: Model, app: App, at: number): App {
  const [task] = app.tasks;
  if (task && task.at <= at) return endTask(model, app, task);
  const stopping = app.containers.find(({ stopsAt = Infinity }) => stopsAt <= at);
  if (stopping) return { ...app, containers: app.containers.map((each) => (each === stopping ? exited(each) : each)) };
  const step = firstStep(app);
  if (step && step.until <= at) return afterStep(model, endStep(model, app, step), step);
  return app.apply ? endStage(model, app, app.apply, at) : app;
}

function endStage(model: Model, app: App, apply: Apply, at: number): App {
  if (apply.stage === 'finishing') return settleDown(model, app, apply, at);
  return apply.stage === 'reporting' ? finish(model, app, apply, at) : lookAround(model, app, apply, at);
}

// During a back-off nothing new is begun, whatever ends.
function afterStep(model: Model, app: App, step: Step): App {
  const { apply } = app;
  if (!apply) return app;
  if (step.does === 'lock' && step.refusedBy !== undefined) return failed(model, app, apply, 'blocked', step.until);
  if (step.does === 'download' && step.fails) return failed(model, app, apply, 'pull-failed', step.until);
  if (['blocked', 'pull-failed', 'preparing'].includes(apply.stage)) return app;
  // Nothing pauses while something takes long anyway. What is being started is waited for.
  const isLong = app.steps.some(({ until }) => until > step.until + longMs);
  const isStarting = app.steps.some(({ does }) => startSteps.has(does));
  const pauseMs = isLong ? 0 : pauseAfter(step, apply);
  const until = isStarting && !isLong ? apply.until : Math.min(apply.until, step.until + pauseMs);
  return { ...app, apply: { ...apply, until, stage: stageOf(app) ?? stageAfter(step) ?? apply.stage } };
}

function pauseAfter({ does }: Step, apply: Apply): number {
  if (does === 'kill') return durationsOf(apply).afterKill;
  if (does !== 'delete') return 0;
  return apply.hasChanged ? durationsOf(apply).afterDelete : afterLoneDeleteMs;
}

function exited({ stopsAt: _stopsAt, ...container }: Container): Container {
  return { ...container, status: 'exited' };
}

const longMs = 1500;
const startSteps: ReadonlySet<Step['does']> = new Set(['prepare', 'install', 'start', 'run']);
