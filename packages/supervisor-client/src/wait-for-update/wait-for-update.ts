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

/** What to wait for, and how long. */
export interface WaitForUpdateOptions {
  /** Called at the first look, and whenever the progress has changed. */
  onProgress?: ((progress: UpdateProgress) => void) | undefined;
  /**
   * The release to wait for. Without it, any release other than the one at the start counts, and "nothing to update" is only
   * known after nothing has happened for `patienceMs`.
   */
  commit?: string | undefined;
  /** The time between two looks, randomly varied by up to a quarter. @default 3000 */
  intervalMs?: number | undefined;
  /** The wait ends after nothing has happened, an attempt has failed, or a lock has been held for this long. @default 30000 */
  patienceMs?: number | undefined;
  /** How long the Supervisor may be unreachable, for example while it restarts. @default 120000 */
  unreachableMs?: number | undefined;
  /**
   * What to do about an update lock that is held for `patienceMs`: return `locked`, or wait until the lock is released and
   * the update ends some other way, at most for `timeoutMs`.
   * @default 'return'
   */
  whileLocked?: 'return' | 'wait' | undefined;
  /** The longest total wait. @default unlimited */
  timeoutMs?: number | undefined;
  /** Ends the wait, which then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** @default the system clock */
  clock?: UpdateWaitClock | undefined;
  /** From 0 to below 1. @default Math.random */
  random?: (() => number) | undefined;
}

/** The clock of a wait, which a test can replace. */
export interface UpdateWaitClock {
  /** Milliseconds since any fixed moment. It must not jump. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

const defaults = { intervalMs: 3000, patienceMs: 30_000, unreachableMs: 120_000, whileLocked: 'return' } as const;

const systemClock: UpdateWaitClock = { now: () => performance.now(), sleep };

/**
 * Waits until an update of the device's first app has ended, and resolves with the outcome. Call it after `update()`, or
 * while an update is in progress. It only reads: the Supervisor continues regardless of how the wait ends.
 *
 * A service that the update itself replaces is stopped before it can see `done`.
 *
 * It reads `GET /v1/device` and `GET /v2/state/status` (missing before Supervisor 9.7: the outcome is then `unknown`), and
 * `GET /v2/applications/state`, which reports rejected releases since 17.7. It tolerates restarts of the Supervisor.
 *
 * @throws SupervisorError if the Supervisor refuses to answer, such as `unauthorized`. TypeError for an invalid option.
 */
export async function waitForUpdate(
  supervisor: SampleSource,
  options: WaitForUpdateOptions = {},
): Promise<UpdateOutcome> {
  const resolved = resolveOptions(options);
  const { timeoutMs, signal } = resolved;
  // The deadline also ends a look that is in progress.
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

/** Errors that occur while the Supervisor restarts, or while the container engine is busy. */
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
