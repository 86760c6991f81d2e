import { longestSleepMs, sleep } from '../waiting/sleep.js';
import { withinDeadline } from '../waiting/within-deadline.js';
import { isSupervisorError, type SupervisorErrorCode } from '../errors/supervisor-error.js';
import { readSample } from './read-sample.js';
import { takeSample, type SampleSource } from './update-sample.js';
import {
  nextUpdateWait,
  progressOf,
  type Observation,
  type UpdateOutcome,
  type UpdateProgress,
  type UpdateWait,
} from './update-wait.js';

/** What is waited for, and how long. */
export interface WaitForUpdateOptions {
  /** Called whenever what is seen of the update has changed, the first time included. */
  onProgress?: ((progress: UpdateProgress) => void) | undefined;
  /**
   * The release to wait for. Without it any other than at the start will do, and "nothing to update" can only be told from
   * nothing happening for `patienceMs`.
   */
  commit?: string | undefined;
  /** Between two looks, give or take a quarter by chance. @default 3000 */
  intervalMs?: number | undefined;
  /** How long nothing must happen, an attempt have failed, or a lock be in the way until the wait ends. @default 30000 */
  patienceMs?: number | undefined;
  /** How long the Supervisor may be away, as when it restarts, until the wait ends. @default 120000 */
  unreachableMs?: number | undefined;
  /**
   * What to do about an update lock that lasts for `patienceMs`: to return `locked`, or to wait on until the lock goes and
   * the update ends otherwise, at most for `timeoutMs`.
   * @default 'return'
   */
  whileLocked?: 'return' | 'wait' | undefined;
  /** How long the whole wait may take. @default unlimited */
  timeoutMs?: number | undefined;
  /** Ends the wait, which then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Where time comes from. @default the system's */
  clock?: UpdateWaitClock | undefined;
  /** From 0 to below 1. @default Math.random */
  random?: (() => number) | undefined;
}

/** Where a wait takes its time from, for tests. */
export interface UpdateWaitClock {
  /** In milliseconds, from any beginning. It must not jump. */
  now(): number;
  /** Resolves after the time; rejects with the signal's reason when that aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

const defaults = { intervalMs: 3000, patienceMs: 30_000, unreachableMs: 120_000, whileLocked: 'return' } as const;

const systemClock: UpdateWaitClock = { now: () => performance.now(), sleep };

/**
 * Waits until an update of the device's first app is over, and tells how. Call it after `update()`, or while an update is
 * under way. It only looks: the Supervisor goes on however the wait ends.
 *
 * A service that is itself exchanged by the update does not live to see `done`.
 *
 * It reads `GET /v1/device` and `GET /v2/state/status` (without that, before Supervisor 9.7, the outcome is `unknown`), and
 * `GET /v2/applications/state`, which since 17.7 tells of refused releases. Restarts of the Supervisor are waited out.
 *
 * @throws SupervisorError if the Supervisor refuses to answer, as with `unauthorized`. TypeError for a mistaken option.
 */
export async function waitForUpdate(
  supervisor: SampleSource,
  options: WaitForUpdateOptions = {},
): Promise<UpdateOutcome> {
  const resolved = resolveOptions(options);
  const { timeoutMs, signal } = resolved;
  // The deadline also ends a look that is under way.
  const outcome = await withinDeadline({ timeoutMs, signal }, async (end) => follow(supervisor, resolved, end.signal));
  return 'kind' in outcome ? { outcome: 'unknown', reason: 'timeout' } : outcome;
}

async function follow(supervisor: SampleSource, options: ResolvedOptions, signal: AbortSignal): Promise<UpdateOutcome> {
  const { onProgress, timeoutMs = Number.POSITIVE_INFINITY, intervalMs, clock, random } = options;
  const endsAtMs = clock.now() + timeoutMs;
  let wait: UpdateWait = {};
  let lastTold: string | undefined;
  for (;;) {
    const observation = await observe(supervisor, signal);
    signal.throwIfAborted();
    if (observation.kind === 'not-supported') return { outcome: 'unknown', reason: 'not-supported' };
    const progress = progressOf(observation);
    const told = JSON.stringify(progress);
    if (told !== lastTold) onProgress?.(progress);
    lastTold = told;

    const step = nextUpdateWait(wait, observation, clock.now(), options);
    if (step.outcome !== undefined) return step.outcome;
    wait = step.wait;

    const leftMs = endsAtMs - clock.now();
    if (leftMs <= 0) return { outcome: 'unknown', reason: 'timeout' };
    const pauseMs = intervalMs * (0.75 + 0.5 * random());
    await clock.sleep(Math.min(pauseMs, leftMs), signal);
  }
}

async function observe(
  supervisor: SampleSource,
  signal: AbortSignal,
): Promise<Observation | { kind: 'not-supported' }> {
  try {
    return { kind: 'read', reading: readSample(await takeSample(supervisor, signal)) };
  } catch (error) {
    if (!isSupervisorError(error)) throw error;
    if (error.code === 'not-supported') return { kind: 'not-supported' };
    if (passing.has(error.code)) return { kind: 'unreachable' };
    throw error;
  }
}

/** What a Supervisor shows while it restarts, or while the container engine is busy. */
const passing: ReadonlySet<SupervisorErrorCode> = new Set(['unreachable', 'timeout', 'supervisor-error']);

type ResolvedOptions = ReturnType<typeof resolveOptions>;

function resolveOptions(options: WaitForUpdateOptions) {
  const resolved = {
    ...options,
    commit: options.commit,
    intervalMs: options.intervalMs ?? defaults.intervalMs,
    patienceMs: options.patienceMs ?? defaults.patienceMs,
    unreachableMs: options.unreachableMs ?? defaults.unreachableMs,
    whileLocked: options.whileLocked ?? defaults.whileLocked,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  };
  const { intervalMs, patienceMs, unreachableMs, timeoutMs } = resolved;
  for (const [name, ms] of Object.entries({ intervalMs, patienceMs, unreachableMs, timeoutMs })) {
    if (ms !== undefined && !(typeof ms === 'number' && ms > 0 && ms <= longestSleepMs)) {
      throw new TypeError(
        `The option \`${name}\` must be a number of milliseconds, above 0 and at most ${longestSleepMs}.`,
      );
    }
  }
  if (resolved.whileLocked !== 'return' && resolved.whileLocked !== 'wait') {
    throw new TypeError("The option `whileLocked` must be 'return' or 'wait'.");
  }
  return resolved;
}
