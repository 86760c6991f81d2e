import type { Fault } from '../errors/classify-answer.js';

/** How often the client retries a call, and how long it waits. */
export interface RetryOptions {
  /** The maximum number of attempts, including the first. `Infinity` is allowed. @default 5 */
  maxAttempts?: number | undefined;
  /** The longest wait before the second attempt. It doubles with each further attempt. @default 1000 */
  firstDelayMs?: number | undefined;
  /** The longest wait before any attempt. @default 30000 */
  maxDelayMs?: number | undefined;
}

export interface ResolvedRetry {
  maxAttempts: number;
  firstDelayMs: number;
  maxDelayMs: number;
}

const defaults = { maxAttempts: 5, firstDelayMs: 1000, maxDelayMs: 30_000 } as const;

/** @throws TypeError that names the option */
export function resolveRetry(retry: boolean | RetryOptions = true): ResolvedRetry {
  if (retry === false) return { ...defaults, maxAttempts: 1 };
  if (retry === true) return defaults;
  if (typeof retry !== 'object' || retry === null) {
    throw new TypeError('The option `retry` must be true, false or an object such as { maxAttempts: 5 }.');
  }
  const { maxAttempts = defaults.maxAttempts, firstDelayMs = defaults.firstDelayMs } = retry;
  const { maxDelayMs = Math.max(defaults.maxDelayMs, firstDelayMs) } = retry;
  if (maxAttempts !== Infinity && !(Number.isSafeInteger(maxAttempts) && maxAttempts >= 1)) {
    throw new TypeError('The option `retry.maxAttempts` must be a whole number, 1 or more, or Infinity.');
  }
  for (const [name, ms] of Object.entries({ firstDelayMs, maxDelayMs })) {
    if (typeof ms !== 'number' || !(ms > 0 && ms <= longestDelayMs)) {
      throw new TypeError(
        `The option \`retry.${name}\` must be a number of milliseconds, above 0 and at most an hour.`,
      );
    }
  }
  return { maxAttempts, firstDelayMs, maxDelayMs };
}

const longestDelayMs = 3_600_000;

/**
 * How long to wait before the next attempt; `undefined` for no retry. The wait is a random part of a limit that doubles,
 * so that calls that failed together are not retried together. Pure, except for `random`.
 *
 * @param attempt the number of attempts so far
 */
export function retryDelayMs(
  failure: { effect: 'read' | 'write'; fault: Pick<Fault, 'code' | 'status' | 'retryable'> },
  attempt: number,
  { maxAttempts, firstDelayMs, maxDelayMs }: ResolvedRetry,
  random: () => number,
): number | undefined {
  if (attempt >= maxAttempts || !mayBeSentAgain(failure)) return undefined;
  return random() * Math.min(maxDelayMs, firstDelayMs * 2 ** (attempt - 1));
}

/**
 * A write is retried only if none of it was sent. A call that timed out is not retried: its time is up. Neither is a call
 * that the Supervisor answered: it would give the same answer again.
 */
function mayBeSentAgain({ effect, fault }: Parameters<typeof retryDelayMs>[0]): boolean {
  if (fault.code === 'unreachable') return fault.retryable === true;
  return effect === 'read' && fault.status === 502;
}
