export interface RepeatsOptions {
  /** Milliseconds on a monotonic clock. @default performance.now */
  nowMs?: () => number;
}

/** An entry that would fill the log is repeated only after this time. */
export const REPEATS_EVERY_MS = 10_000;

/** Further different ones are not remembered: each is logged. */
const KEYS_MAX = 100;

/**
 * Whether to log something now: the number of its kind that were not logged since the last one, or `undefined` to skip
 * it.
 */
export function createRepeats({ nowMs = () => performance.now() }: RepeatsOptions = {}): (
  kind: string,
) => number | undefined {
  const told = new Map<string, { atMs: number; untold: number }>();
  return (kind) => {
    const atMs = nowMs();
    const last = told.get(kind);
    if (last && atMs - last.atMs < REPEATS_EVERY_MS) {
      last.untold += 1;
      return undefined;
    }
    if (!last && told.size >= KEYS_MAX) told.clear();
    told.set(kind, { atMs, untold: 0 });
    return last?.untold ?? 0;
  };
}
