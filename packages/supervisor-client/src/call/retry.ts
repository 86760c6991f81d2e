import type { Fault } from '../errors/classify-answer.js';

/** How often, and after what waits, a call is sent again. */
export interface RetryOptions {
  /** How often a call is sent at most, the first time included. `Infinity` is possible. @default 5 */
  maxAttempts?: number | undefined;
  /** The longest wait before the second attempt; before each further one it is twice that. @default 1000 */
  firstDelayMs?: number | undefined;
  /** The longest wait of all. @default 30000 */
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
 * How long to wait before the same call is sent again; `undefined` if it is not. The wait is a random part of a ceiling
 * that doubles, so that what failed together does not come back together. Pure, but for `random`.
 *
 * @param attempt how often it was sent
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
 * A write is sent again only if nothing of it was sent. A deadline that passed is the caller's word that it was enough,
 * and what the Supervisor answered to a request it would answer again.
 */
function mayBeSentAgain({ effect, fault }: Parameters<typeof retryDelayMs>[0]): boolean {
  if (fault.code === 'unreachable') return fault.retryable === true;
  return effect === 'read' && fault.status === 502;
}
