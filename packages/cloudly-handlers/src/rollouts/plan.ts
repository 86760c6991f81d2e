import { createDraft, type Draft, type Plan } from './draft.js';
import { findTooManyFailures } from './failures.js';
import { followMembers } from './follow-members.js';
import { hindranceOf } from './hindrance.js';
import { keepWindow } from './keep-window.js';
import { moveWaves } from './move-waves.js';
import { offerCommand } from './offer-command.js';
import { outcomeOf } from './outcome-of-member.js';
import { pauseAtFailures } from './pause-at-failures.js';
import { roomBeside } from './room.js';
import type { RolloutView } from './rollout-view.js';
import { takeBack, whatIsTakenBack } from './take-back.js';
import { findWaveWait, isWaveOver } from './waves.js';
import { isWindowOpen } from './window.js';

/** What somebody changes of a rollout; what follows of that is planned with it. */
export type Alteration = (draft: Draft, view: RolloutView) => void;

/** The decisions that a plan is made of. */
export interface Decisions {
  outcomeOf: typeof outcomeOf;
  hindranceOf: typeof hindranceOf;
  isWindowOpen: typeof isWindowOpen;
  findTooManyFailures: typeof findTooManyFailures;
  whatIsTakenBack: typeof whatIsTakenBack;
  isWaveOver: typeof isWaveOver;
  findWaveWait: typeof findWaveWait;
  roomBeside: typeof roomBeside;
}

export const decisions: Decisions = {
  outcomeOf,
  hindranceOf,
  isWindowOpen,
  findTooManyFailures,
  whatIsTakenBack,
  isWaveOver,
  findWaveWait,
  roomBeside,
};

/**
 * What is to be done about a rollout by one reading of it: which members are offered the command, which commands are taken back,
 * and what becomes of the rollout. Pure: whoever keeps it does so as a whole, or plans anew from another reading.
 */
export function plan(view: RolloutView, nowMs: number, alter?: Alteration): Plan {
  return planBy(decisions, view, nowMs, alter);
}

/** The same, by other decisions. */
export function planBy(by: Decisions, view: RolloutView, nowMs: number, alter?: Alteration): Plan {
  const draft = createDraft(view, nowMs);
  alter?.(draft, view);
  followMembers(draft, by);
  keepWindow(draft, by);
  pauseAtFailures(draft, by);
  takeBack(draft, by);
  moveWaves(draft, by);
  offerCommand(draft, by);
  return draft.toPlan();
}
