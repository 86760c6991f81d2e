import type { SeenMemberQuery } from '../fleet-store/rollout-store.js';
import type { Rollout } from '../fleet-store/rollout.js';
import { addingNewMembers, takesNewMembers } from './add-new-members.js';
import { startRollout } from './start-rollout.js';
import { type RolloutFleet, stepRollout } from './step-rollout.js';
import { countAll } from './wave-counts.js';

/** What only time brings about is looked at less often. */
const THOROUGH_EVERY_MS = 60_000;

/** A rollout whose start makes no progress for so long was begun by a process that has died. */
const START_STALLS_MS = 60_000;

/** So many steps in a row, that the other rollouts have their turn. */
const STEPS_MAX = 50;

/** Results of a rollout that is over count for so long. */
const LATE_MS = 7 * 86_400_000;

const ROLLOUTS_MAX = 1000;
const MEMBERS_AT_ONCE = 1000;

export interface RolloutPassOptions {
  store: RolloutFleet;
  now: () => number;
  monotonicMs: () => number;
  onError: (error: unknown) => void;
  signal: AbortSignal;
}

/** Looks after each rollout once. What fails of one is reported, and stops no other. Never rejects. */
export function createRolloutPass(
  { store, now, monotonicMs, onError, signal }: RolloutPassOptions,
  stepOne: typeof stepRollout = stepRollout,
): () => Promise<void> {
  const starting = new Map<string, { revision: number; sinceMs: number }>();
  let thoroughAtMs = -Infinity;

  const attempt = async (act: () => Promise<void>): Promise<void> => {
    try {
      if (!signal.aborted) await act();
    } catch (error) {
      onError(error);
    }
  };

  /** Begins a start anew whose process has died. */
  const lookAfterStart = async ({ id, revision }: Rollout): Promise<void> => {
    const seen = starting.get(id);
    if (seen?.revision !== revision) starting.set(id, { revision, sinceMs: monotonicMs() });
    else if (monotonicMs() - seen.sinceMs >= START_STALLS_MS) await startRollout(store, id, { now, actor: 'system' });
  };

  const step = async (rollout: Rollout, isThorough: boolean): Promise<void> => {
    const nowMs = now();
    const own = store.as({ actor: 'system', nowMs });
    const alter = isThorough && takesNewMembers(rollout) ? await addingNewMembers(store, rollout, nowMs) : undefined;
    const alsoRead = isThorough ? whatTimeBrings(rollout, nowMs) : [];
    const { outcome } = await stepOne(own, rollout.id, { nowMs, alter, alsoRead });
    if (outcome !== 'changed') return;
    for (let steps = 1; steps < STEPS_MAX && !signal.aborted; steps += 1) {
      const againAtMs = now();
      const again = await stepOne(store.as({ actor: 'system', nowMs: againAtMs }), rollout.id, { nowMs: againAtMs });
      if (again.outcome !== 'changed') return;
    }
  };

  return async () => {
    const isThorough = monotonicMs() >= thoroughAtMs;
    if (isThorough) thoroughAtMs = monotonicMs() + THOROUGH_EVERY_MS;
    await attempt(async () => {
      const fleet = store.as({ actor: 'system', nowMs: now() });
      const rollouts = await fleet.listRollouts({ isUnsettled: true, limit: ROLLOUTS_MAX });
      const others = isThorough
        ? await fleet.listRollouts({ states: ['paused', 'finished', 'stopped'], limit: 100 })
        : [];
      const starts = rollouts.filter(({ state }) => state === 'starting');
      for (const id of starting.keys()) if (!starts.some((rollout) => rollout.id === id)) starting.delete(id);
      for (const rollout of starts) await attempt(() => lookAfterStart(rollout));
      // The oldest first: a node that is a member of two belongs to that one.
      const unsettled = rollouts.filter(({ state }) => state !== 'starting').toReversed();
      for (const rollout of unsettled) await attempt(() => step(rollout, isThorough));
      const isOther = ({ id }: Rollout): boolean => !rollouts.some((rollout) => rollout.id === id);
      for (const rollout of others.filter(isOther)) {
        if (mayHaveLateResults(rollout, now())) await attempt(() => step(rollout, isThorough));
      }
    });
  };
}

/** What is not looked at with each step. */
function whatTimeBrings({ state, limits, counts }: Rollout, nowMs: number): SeenMemberQuery[] {
  const { deferred, unknown } = countAll(counts);
  const queries: SeenMemberQuery[] = [];
  if (state === 'running' && deferred > 0) {
    queries.push({ which: 'overdue', sinceBeforeMs: nowMs - limits.deferredDueMs, limit: MEMBERS_AT_ONCE });
  }
  if (unknown > 0) queries.push({ which: 'late', limit: MEMBERS_AT_ONCE });
  return queries;
}

function mayHaveLateResults({ counts, endedAtMs, pause }: Rollout, nowMs: number): boolean {
  const settledAtMs = endedAtMs ?? pause?.atMs;
  return countAll(counts).unknown > 0 && settledAtMs !== undefined && nowMs - settledAtMs < LATE_MS;
}
