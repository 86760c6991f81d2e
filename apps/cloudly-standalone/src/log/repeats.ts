export interface RepeatsOptions {
  /** Milliseconds on a clock that only goes forward. @default performance.now */
  nowMs?: () => number;
}

/** What would fill a log by being said again and again is said once in so long. */
export const REPEATS_EVERY_MS = 10_000;

/** More different ones are not remembered: they are told. */
const KEYS_MAX = 100;

/**
 * Whether to tell of something now: with how many of its kind went untold since the last one, or `undefined` to leave it.
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
