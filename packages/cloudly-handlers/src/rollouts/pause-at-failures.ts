import type { Draft } from './draft.js';
import type { findTooManyFailures } from './failures.js';
import { pauseRollout } from './pause-rollout.js';

/** Pauses a rollout whose members fail too often, also one that is paused for a reason that goes by itself or by a word. */
export function pauseAtFailures(draft: Draft, by: { findTooManyFailures: typeof findTooManyFailures }): void {
  const rollout = draft.rollout();
  const isGoingOn = rollout.state === 'running' || (rollout.state === 'paused' && rollout.pause?.reason !== 'failures');
  if (isGoingOn && by.findTooManyFailures(rollout)) pauseRollout(draft, 'failures', 'system');
}
