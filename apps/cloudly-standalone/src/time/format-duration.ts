const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The days beside which hours say nothing. */
const DAYS_WITH_HOURS = 10;

/** A duration for people, in at most two units: `12 s`, `3 min`, `1 h 20 min`, `2 d 3 h`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 2 * MINUTE_MS) return inSeconds(durationMs);
  if (durationMs < HOUR_MS) return `${count(durationMs, MINUTE_MS)} min`;
  if (durationMs < DAY_MS) return inTwo(durationMs, [HOUR_MS, 'h'], [MINUTE_MS, 'min']);
  if (durationMs < DAYS_WITH_HOURS * DAY_MS) return inTwo(durationMs, [DAY_MS, 'd'], [HOUR_MS, 'h']);
  return `${count(durationMs, DAY_MS)} d`;
}

/** The same in one unit, for a column: `119 min`, `47 h`. */
export function formatShortDuration(durationMs: number): string {
  if (durationMs < 2 * MINUTE_MS) return inSeconds(durationMs);
  if (durationMs < 2 * HOUR_MS) return `${count(durationMs, MINUTE_MS)} min`;
  return durationMs < 2 * DAY_MS ? `${count(durationMs, HOUR_MS)} h` : `${count(durationMs, DAY_MS)} d`;
}

/** How long ago an instant was. */
export function formatAgo(atMs: number, nowMs: number, format = formatDuration): string {
  return nowMs - atMs < SECOND_MS ? 'just now' : `${format(nowMs - atMs)} ago`;
}

/** When an instant is, seen from now, for a column: `in 23 h`, `3 d ago`. */
export function formatShortWhen(atMs: number, nowMs: number): string {
  return atMs > nowMs ? `in ${formatShortDuration(atMs - nowMs)}` : formatAgo(atMs, nowMs, formatShortDuration);
}

type Unit = [ms: number, name: string];

function inTwo(durationMs: number, [largeMs, large]: Unit, [smallMs, small]: Unit): string {
  const rest = count(durationMs % largeMs, smallMs);
  return `${count(durationMs, largeMs)} ${large}${rest === 0 ? '' : ` ${rest} ${small}`}`;
}

function inSeconds(durationMs: number): string {
  return `${Math.max(0, count(durationMs, SECOND_MS))} s`;
}

function count(durationMs: number, unitMs: number): number {
  return Math.floor(durationMs / unitMs);
}
