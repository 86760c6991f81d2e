import type { Reading, UpdateFailure } from './read-sample.js';

/** How waiting for an update ended. The Supervisor goes on by itself, also after `failed` and `locked`. */
export type UpdateOutcome =
  /**
   * The device runs what it shall: `commit`, where the Supervisor tells. `changed` tells whether that is another release
   * than at the start; if not, there was nothing to update, or nothing began in the time (`patienceMs`). It is absent
   * where it cannot be told, as the Supervisor named no release at the first look or names none now.
   */
  | { outcome: 'done'; changed?: boolean; commit?: string }
  /**
   * The Supervisor's attempts fail; it tries again, at growing intervals of up to 15 minutes.
   *
   * - `rejected`: the device does not meet the release's requirements (told since 17.7)
   * - `aborted`: the download was given up (told since 17.7)
   * - `download`: an image cannot be downloaded
   * - `installation`: everything is there, and containers cannot be exchanged
   * - `undetermined`: one of the two, or a lock (only before 17.7)
   */
  | { outcome: 'failed'; failure: UpdateFailure; target?: string }
  /**
   * Everything is downloaded, and a service's update lock keeps it from being installed. That the lock has gone the
   * Supervisor tells only after its next attempt, up to 15 minutes later.
   */
  | { outcome: 'locked'; target?: string }
  /**
   * It cannot be told how the update stands:
   *
   * - `not-supported`: the Supervisor is older than 9.7, and does not say enough
   * - `not-applied`: it shall run another release and does nothing for it, as in local mode
   * - `other-release`: it is idle, and runs another release than the `commit` that was waited for
   * - `release-not-told`: it is idle, and does not say which release it runs, so that `commit` cannot be looked for
   * - `unreachable`: it did not answer for `unreachableMs`
   * - `timeout`: `timeoutMs` has passed
   */
  | {
      outcome: 'unknown';
      reason: 'not-supported' | 'not-applied' | 'other-release' | 'release-not-told' | 'unreachable' | 'timeout';
    };

/** What is seen of an update on its way. The next phase may be an earlier one: the Supervisor starts over after a failure. */
export interface UpdateProgress {
  /** `locked` and `failing` are passing states of an attempt: the outcome tells when they are final. */
  phase:
    | 'idle'
    | 'preparing'
    | 'downloading'
    | 'downloaded'
    | 'installing'
    | 'locked'
    | 'failing'
    | 'not-applied'
    | 'unreachable';
  /** While downloading, 0 to 100: the mean of the images that are on their way just then. */
  downloadProgressPercent?: number;
  /** The release that the device shall run, where the Supervisor tells. */
  target?: string;
}

export interface UpdateWaitOptions {
  commit: string | undefined;
  patienceMs: number;
  unreachableMs: number;
  whileLocked: 'return' | 'wait';
}

export type Observation = { kind: 'read'; reading: Reading } | { kind: 'unreachable' };

/** What has been seen so far. */
export interface UpdateWait {
  /** The release that was told first, and whether the very first look told it. */
  start?: Start;
  /** What the last observations agree on. */
  standing?: { key: string; sinceMs: number; count: number };
}

interface Start {
  commit: string;
  isFirstLook: boolean;
}

export interface UpdateWaitStep {
  wait: UpdateWait;
  outcome?: UpdateOutcome;
}

/**
 * Takes one more observation into account. Pure.
 *
 * One sample settles nothing, since the Supervisor's three places disagree for moments: two in a row must agree. The
 * device running another release than at the start is then enough. All that might as well be the moment before something
 * happens must last for `patienceMs`: that nothing happens, that an attempt has failed, or that a lock is in the way.
 */
export function nextUpdateWait(
  wait: UpdateWait,
  observation: Observation,
  nowMs: number,
  options: UpdateWaitOptions,
): UpdateWaitStep {
  const { start = startOf(observation, wait.standing === undefined) } = wait;
  const key = keyOf(observation);
  const standing =
    wait.standing?.key === key
      ? { ...wait.standing, count: wait.standing.count + 1 }
      : { key, sinceMs: nowMs, count: 1 };
  const next: UpdateWait = { ...(start !== undefined && { start }), standing };
  const outcome = outcomeOf(observation, {
    ...options,
    start,
    count: standing.count,
    lastedMs: nowMs - standing.sinceMs,
  });
  return outcome === undefined ? { wait: next } : { wait: next, outcome };
}

export function progressOf(observation: Observation): UpdateProgress {
  if (observation.kind === 'unreachable') return { phase: 'unreachable' };
  const { reading } = observation;
  return {
    phase: reading.kind,
    ...(reading.kind === 'downloading' && { downloadProgressPercent: reading.downloadProgressPercent }),
    ...(reading.target !== undefined && { target: reading.target }),
  };
}

interface Standing extends UpdateWaitOptions {
  start: Start | undefined;
  count: number;
  lastedMs: number;
}

function outcomeOf(observation: Observation, standing: Standing): UpdateOutcome | undefined {
  const { count, lastedMs, patienceMs, unreachableMs, whileLocked } = standing;
  if (observation.kind === 'unreachable') {
    return lastedMs >= unreachableMs ? { outcome: 'unknown', reason: 'unreachable' } : undefined;
  }
  if (count < 2) return undefined;
  const { reading } = observation;
  const isPatienceOver = lastedMs >= patienceMs;
  if (reading.kind === 'idle') return idleOutcome(reading, standing, isPatienceOver);
  if (!isPatienceOver) return undefined;
  const target = reading.target === undefined ? {} : { target: reading.target };
  if (reading.kind === 'failing') return { outcome: 'failed', failure: reading.failure, ...target };
  if (reading.kind === 'locked') return whileLocked === 'wait' ? undefined : { outcome: 'locked', ...target };
  if (reading.kind === 'not-applied') return { outcome: 'unknown', reason: 'not-applied' };
  return undefined;
}

function idleOutcome(
  { current }: Reading,
  { commit, start }: Standing,
  isPatienceOver: boolean,
): UpdateOutcome | undefined {
  const changed = hasChanged(current, start);
  const isEnough = commit === undefined ? changed === true : current === commit;
  if (!isEnough && !isPatienceOver) return undefined;
  if (!isEnough && commit !== undefined) {
    return { outcome: 'unknown', reason: current === undefined ? 'release-not-told' : 'other-release' };
  }
  return {
    outcome: 'done',
    ...(changed !== undefined && { changed }),
    ...(current !== undefined && { commit: current }),
  };
}

/** `undefined` where it cannot be told: a release that was told late may have come before that. */
function hasChanged(current: string | undefined, start: Start | undefined): boolean | undefined {
  if (current === undefined || start === undefined) return undefined;
  if (current !== start.commit) return true;
  return start.isFirstLook ? false : undefined;
}

/** Two observations with the same key agree. How far a download is makes no difference to what it is. */
function keyOf(observation: Observation): string {
  if (observation.kind === 'unreachable') return 'unreachable';
  const { kind, current, target, ...rest } = observation.reading;
  return JSON.stringify([kind, current, target, 'failure' in rest ? rest.failure : undefined]);
}

function startOf(observation: Observation, isFirstLook: boolean): Start | undefined {
  if (observation.kind === 'unreachable') return undefined;
  const { current } = observation.reading;
  return current === undefined ? undefined : { commit: current, isFirstLook };
}
