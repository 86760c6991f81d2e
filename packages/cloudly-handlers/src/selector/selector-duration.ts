const unitsMs = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 } as const;

/** Of `2d`, `12h`, `90s` and the like; `undefined` for another text. */
export function readDuration(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,6})([wdhms])$/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * unitsMs[unit as keyof typeof unitsMs];
}

/** In the largest unit that it is a whole number of. */
export function formatDuration(durationMs: number): string {
  const [unit, unitMs] = Object.entries(unitsMs).find(([, ms]) => durationMs % ms === 0) ?? ['s', unitsMs.s];
  return `${Math.round(durationMs / unitMs)}${unit}`;
}
