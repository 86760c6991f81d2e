import type { RolloutChange } from '../fleet-store/rollout-store.js';
import type { Rollout } from '../fleet-store/rollout.js';
import { openingGate } from '../rollouts/alterations.js';
import type { Alteration } from '../rollouts/plan.js';
import { stepRollout } from '../rollouts/step-rollout.js';
import { countAll, countMoved, noMembers } from '../rollouts/wave-counts.js';
import { findWaveWait } from '../rollouts/waves.js';
import { windowStateAt } from '../rollouts/window.js';
import { createModelStore, type ModelMember } from './model-store.js';

/** A step follows what happens after so long, as it does in a server. */
const STEP_AFTER_MS = 1000;
const FOLLOWED_MS = 180 * 86_400_000;
const STEPS_MAX = 20_000;
/** After so many steps, others have their turn. */
const STEPS_AT_ONCE = 20;
const OVERDUE_AT_ONCE = 500;

export interface Foreseen {
  outcome: 'ends' | 'pauses' | 'too-long';
  /** When it ended or paused, or until when it was followed. */
  atMs: number;
  waves: { beginsAtMs?: number; overAtMs?: number }[];
  /** How many members of the model are in which state then. */
  counts: ReturnType<typeof countAll>;
}

export interface ForeseeOptions {
  /** The draft, with the limits of the model. */
  draft: Rollout;
  /** Its members, held. */
  members: readonly ModelMember[];
  nowMs: number;
  /** Lets others have their turn. */
  rest?: () => Promise<void>;
}

/**
 * Runs a rollout over a model of its nodes, by the steps that carry a real one out, in the time of the model. Gates are opened as
 * soon as somebody could.
 */
export async function foresee({ draft, members, nowMs: beginMs, rest = aMoment }: ForeseeOptions): Promise<Foreseen> {
  let nowMs = beginMs;
  const waves: Foreseen['waves'] = draft.waves.map(() => ({}));
  waves[0] = { beginsAtMs: beginMs };
  const note = ({ events }: RolloutChange): void => {
    for (const { kind, details } of events) {
      if (kind === 'rollout-wave-begun') waves[details.wave] = { ...waves[details.wave], beginsAtMs: nowMs };
      if (kind === 'rollout-wave-over') waves[details.wave] = { ...waves[details.wave], overAtMs: nowMs };
    }
  };
  const begun = beginning(draft, members, beginMs);
  const store = createModelStore({ rollout: begun, members, beginMs, now: () => nowMs, onChange: note });
  let rollout = begun;
  for (let steps = 1; steps <= STEPS_MAX && nowMs < beginMs + FOLLOWED_MS; steps += 1) {
    if (steps % STEPS_AT_ONCE === 0) await rest();
    store.letNodesAct();
    const sinceBeforeMs = nowMs - rollout.limits.deferredDueMs;
    const stepped = await stepRollout(store, rollout.id, {
      nowMs,
      alter: openingGates,
      alsoRead: [{ which: 'overdue', sinceBeforeMs, limit: OVERDUE_AT_ONCE }],
    });
    if (!('rollout' in stepped)) throw new TypeError('The model has lost its rollout');
    rollout = stepped.rollout;
    const { state, pause } = rollout;
    const end = state === 'finished' ? 'ends' : pause?.reason === 'failures' ? 'pauses' : undefined;
    if (end) return { outcome: end, atMs: nowMs, waves, counts: countAll(rollout.counts) };
    if (stepped.outcome === 'unchanged')
      nowMs = Math.max(nowMs + STEP_AFTER_MS, Math.min(store.nextMs(), nextMs(rollout, nowMs)));
  }
  return { outcome: 'too-long', atMs: Math.min(nowMs, beginMs + FOLLOWED_MS), waves, counts: countAll(rollout.counts) };
}

function beginning(draft: Rollout, members: readonly ModelMember[], startedAtMs: number): Rollout {
  let counts = draft.waves.map(() => noMembers);
  for (const { member } of members) counts = countMoved(counts, member.wave, undefined, member.state);
  return { ...draft, state: 'running', startedAtMs, waveIndex: 0, counts };
}

const openingGates: Alteration = (draft, view) => {
  const { waveOverAtMs, state } = view.rollout;
  const waits = state === 'running' && waveOverAtMs !== undefined ? findWaveWait(view.rollout, draft.nowMs) : undefined;
  if (waits?.until === 'gate-opened') openingGate('system')(draft, view);
};

/** When the rollout itself has something to do next. */
function nextMs(rollout: Rollout, nowMs: number): number {
  const waits = rollout.waveOverAtMs === undefined ? undefined : findWaveWait(rollout, nowMs);
  const soakedAtMs = waits?.until === 'soaked' ? waits.atMs : Number.POSITIVE_INFINITY;
  const { changesAtMs = Number.POSITIVE_INFINITY } = rollout.window ? windowStateAt(rollout.window, nowMs) : {};
  return Math.min(soakedAtMs, changesAtMs);
}

function aMoment(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
