import { sendFailure } from '../call/answer.js';
import type { Model } from '../model/model.js';
import { goDown } from '../transitions/power.js';
import type { Call, Handle, Outcome } from '../call/route.js';

/** The Supervisor's words for an unreachable container engine. */
const engineMessage = 'connect ECONNREFUSED /var/run/balena-engine.sock';

/**
 * Does work that needs the container engine. If the engine is stopped, the work fails; if it hangs, there is no answer
 * until it continues.
 */
export function withEngine(model: Model, now: number, failed: Failed, work: Work): Outcome {
  if (model.engine === 'hung') return { until: Infinity, resume: (later, at) => withEngine(later, at, failed, work) };
  return model.engine === 'stopped' ? failed(engineMessage, model, now) : work(model, now);
}

type Failed = (message: string, model: Model, now: number) => Outcome;

type Work = (model: Model, now: number) => Outcome;

/**
 * A route without error handling: with a stopped engine the whole Supervisor crashes and restarts. Older versions do not
 * answer, or say what failed.
 */
export function crashing(handle: Handle): Handle {
  return (model: Model, call: Call): Outcome =>
    withEngine(
      model,
      call.now,
      (message, latest, now) => unhandled(latest, message, now),
      (latest, now) => handle(latest, { ...call, now }),
    );
}

/** The outcome of an unhandled error. */
export function unhandled(model: Model, message: string, now: number): Outcome {
  if (model.era.everyRouteFails) return { answer: sendFailure(503, message) };
  return model.era.unhandledErrorHangs
    ? { noAnswer: 'hang' }
    : { model: goDown(model, 'restart', now), noAnswer: 'reset' };
}
