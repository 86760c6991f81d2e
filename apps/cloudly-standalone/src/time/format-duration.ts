const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const;

/** A duration for people, in its largest unit: `3 min`, `12 s`. */
export function formatDuration(durationMs: number): string {
  for (const [unit, unitMs] of units) {
    if (durationMs >= 2 * unitMs) return `${Math.floor(durationMs / unitMs)} ${unit}`;
  }
  return `${Math.max(0, Math.floor(durationMs / 1000))} s`;
}
