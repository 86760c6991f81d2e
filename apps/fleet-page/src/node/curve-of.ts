import type { HistorySlot } from '@serve.zone/baseos-cloudly-handlers';

export interface Curve {
  /** Seconds since 1970. */
  times: readonly number[];
  values: readonly (number | null)[];
  latest: number;
}

/** A reading over time, with a gap for each time without heartbeats; `undefined` if there is none at all. */
export function curveOf(
  slots: readonly HistorySlot[],
  slotMs: number,
  read: (vitals: NonNullable<HistorySlot['vitals']>) => number | undefined,
): Curve | undefined {
  const times: number[] = [];
  const values: (number | null)[] = [];
  let latest: number | undefined;
  let expectedMs: number | undefined;
  for (const { startMs, vitals } of slots) {
    if (expectedMs !== undefined && startMs > expectedMs) {
      times.push(expectedMs / 1000);
      values.push(null);
    }
    const value = vitals && read(vitals);
    times.push(startMs / 1000);
    values.push(value ?? null);
    latest = value ?? latest;
    expectedMs = startMs + slotMs;
  }
  return latest === undefined ? undefined : { times, values, latest };
}
