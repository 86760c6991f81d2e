import { NAME_MAX_LENGTH } from '../identity/account-name.js';

/** Slows down whoever guesses the password of one name, also of one that nobody has. */
export interface SignInDelays {
  /** Counts an attempt, and returns 0 if it may take place now; else how long to wait. */
  begin(this: void, name: string, nowMs: number): number;
  /** After a right password. */
  forget(this: void, name: string): void;
}

/** So many attempts are free: people mistype. */
const FREE = 5;
const FIRST_DELAY_MS = 1000;
const DELAY_MAX_MS = 60_000;
const FORGOTTEN_AFTER_MS = 15 * 60_000;

interface Attempts {
  count: number;
  lastAtMs: number;
  nextAtMs: number;
}

/** @param namesMax above this number, the names that were tried longest ago are dropped, so that the memory stays bounded */
export function createSignInDelays(namesMax = 10_000): SignInDelays {
  const names = new Map<string, Attempts>();

  return {
    begin(typed, nowMs) {
      const name = keyOf(typed);
      const found = names.get(name);
      const isRecent = found && nowMs - found.lastAtMs < FORGOTTEN_AFTER_MS && nowMs >= found.lastAtMs;
      const { count, nextAtMs } = isRecent ? found : { count: 0, nextAtMs: 0 };
      if (nowMs < nextAtMs) return nextAtMs - nowMs;
      names.delete(name);
      // Counted before it fails, so that many at once are no more than one after the other.
      names.set(name, { count: count + 1, lastAtMs: nowMs, nextAtMs: nowMs + delayAfter(count + 1) });
      const [oldest] = names.keys();
      if (names.size > namesMax && oldest !== undefined) names.delete(oldest);
      return 0;
    },
    forget(typed) {
      names.delete(keyOf(typed));
    },
  };
}

/** Nobody has a longer name, so all that begin alike may wait together. */
function keyOf(typed: string): string {
  return typed.slice(0, NAME_MAX_LENGTH + 1);
}

function delayAfter(count: number): number {
  return count < FREE ? 0 : Math.min(FIRST_DELAY_MS * 2 ** (count - FREE), DELAY_MAX_MS);
}
