import type { CloudlyEvent } from './cloudly-event.js';
import type { ResolvedOptions } from './handler-options.js';
import { createPacing } from './pacing.js';
import { createRateLimit, type RateLimit } from './rate-limit.js';

type WithoutInstant<Event> = Event extends CloudlyEvent ? Omit<Event, 'atMs'> : never;

/** What an endpoint works with. */
export interface HandlerContext extends Omit<ResolvedOptions, 'listenersOf' | 'onError' | 'heartbeatIntervalMs'> {
  /**
   * Milliseconds since 1970.
   *
   * @throws TypeError when the clock gives none.
   */
  now: () => number;
  /** When these handlers were first asked for anything. */
  upSinceMs: () => number;
  /** Tells the listeners; whatever comes of that, the request goes on. */
  emit: (event: WithoutInstant<CloudlyEvent>) => void;
  /** Tells the listener; whatever comes of that, the request goes on. */
  report: (error: unknown) => void;
  /** The interval to give in this answer. */
  heartbeatIntervalMs: () => Promise<number | undefined>;
  /** Counts by address what fails or registers. */
  attempts: RateLimit;
  /** Counts by node what succeeds. */
  successes: RateLimit;
}

const MINUTE_MS = 60_000;

/** Some 10 MB at most for both limits. */
const KEYS_MAX = 50_000;

export const createContext = (resolved: ResolvedOptions): HandlerContext => {
  const { listenersOf, onError, ...options } = resolved;
  const now = (): number => requireInstant(options.now());
  let firstAskedAtMs: number | undefined;
  const report = (error: unknown): void => {
    try {
      onError(error);
    } catch {
      // The last resort has failed; the node still gets its answer.
    }
  };
  const guard = async (work: () => void | Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      report(error);
    }
  };
  const notify = (withoutInstant: WithoutInstant<CloudlyEvent>): void => {
    const event = { atMs: now(), ...withoutInstant };
    for (const listener of listenersOf(event)) void guard(() => listener(event));
  };
  return {
    ...options,
    now,
    upSinceMs: () => (firstAskedAtMs ??= now()),
    report,
    emit: (event) => void guard(() => notify(event)),
    heartbeatIntervalMs: createPacing({ ...options, now, report }),
    attempts: createRateLimit({ max: options.attemptsPerAddressMax, windowMs: MINUTE_MS, keysMax: KEYS_MAX }),
    successes: createRateLimit({ max: options.requestsPerNodeMax, windowMs: MINUTE_MS, keysMax: KEYS_MAX }),
  };
};

/** Nothing is after `NaN`: a join token would never expire. */
const requireInstant = (nowMs: number): number => {
  if (!Number.isNaN(new Date(nowMs).getTime())) return nowMs;
  throw new TypeError(`now() must give milliseconds since 1970, but gave ${nowMs}`);
};
