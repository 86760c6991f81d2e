import type { Reading, UpdateFailure } from './read-sample.js';

/** How the wait for an update ended. The Supervisor continues on its own, even after `failed` and `locked`. */
export type UpdateOutcome =
  /**
   * The device runs its target release: `commit`, if the Supervisor names it. `changed` says whether that is a different
   * release than at the start. If not, there was nothing to update, or nothing began within `patienceMs`. `changed` is
   * absent if the Supervisor named no release at the first look, or names none now.
   */
  | { outcome: 'done'; changed?: boolean; commit?: string }
  /**
   * The update failed. The Supervisor retries, at growing intervals of up to 15 minutes.
   *
   * - `rejected`: the device does not meet the release's requirements (reported since 17.7)
   * - `aborted`: the Supervisor gave up the download (reported since 17.7)
   * - `download`: an image cannot be downloaded
   * - `installation`: everything is downloaded, but containers cannot be replaced
   * - `undetermined`: one of these two, or a lock (only before 17.7)
   */
  | { outcome: 'failed'; failure: UpdateFailure; target?: string }
  /**
   * Everything is downloaded, but the update lock of a service prevents the installation. The Supervisor notices the release
   * of the lock only at its next attempt, up to 15 minutes later.
   */
  | { outcome: 'locked'; target?: string }
  /**
   * The status of the update is not known:
   *
   * - `not-supported`: the Supervisor is older than 9.7 and does not report enough
   * - `not-applied`: the device does not apply its target release, for example in local mode
   * - `other-release`: the device is idle and runs a release other than `commit`
   * - `release-not-reported`: the device is idle, and the Supervisor does not say which release it runs
   * - `unreachable`: it did not answer for `unreachableMs`
   * - `timeout`: `timeoutMs` has passed
   */
  | {
      outcome: 'unknown';
      reason: 'not-supported' | 'not-applied' | 'other-release' | 'release-not-reported' | 'unreachable' | 'timeout';
    };

/** The progress of an update. The next phase can be an earlier one: the Supervisor starts over after a failure. */
export interface UpdateProgress {
  /** `locked` and `failing` are temporary states of an attempt. Only the outcome is final. */
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
  /** While downloading, 0 to 100: the mean of the images that are being downloaded. */
  downloadProgressPercent?: number;
  /** The target release, if the Supervisor names it. */
  target?: string;
}

export interface UpdateWaitOptions {
  commit: string | undefined;
  patienceMs: number;
  unreachableMs: number;
  whileLocked: 'return' | 'wait';
}

export type Observation = { kind: 'read'; reading: Reading } | { kind: 'unreachable' };

/** What the observations so far have shown. */
export interface UpdateWait {
  /** The first release that the Supervisor named, and whether it did so at the very first look. */
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
 * One sample decides nothing, because the Supervisor's three endpoints can briefly disagree: two in a row must agree. It is
 * then enough that the device runs a release other than at the start. A state that could be the moment before something
 * happens must last for `patienceMs`: nothing happens, an attempt has failed, or a lock is held.
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
    return { outcome: 'unknown', reason: current === undefined ? 'release-not-reported' : 'other-release' };
  }
  return {
    outcome: 'done',
    ...(changed !== undefined && { changed }),
    ...(current !== undefined && { commit: current }),
  };
}

/** `undefined` if it is not known: a release that was named late may have been installed before that. */
function hasChanged(current: string | undefined, start: Start | undefined): boolean | undefined {
  if (current === undefined || start === undefined) return undefined;
  if (current !== start.commit) return true;
  return start.isFirstLook ? false : undefined;
}

/** Two observations with the same key agree. The progress of a download does not matter. */
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
