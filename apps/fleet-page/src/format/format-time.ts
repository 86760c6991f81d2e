const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const shortDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' });

/** In the zone of whoever reads it, which it names. */
export function formatExact(atMs: number): string {
  return exact.format(atMs);
}

export function formatDay(atMs: number): string {
  return day.format(atMs);
}

/** Without its year, as the mark of an axis. */
export function formatShortDay(atMs: number): string {
  return shortDay.format(atMs);
}

/** Hours and minutes. */
export function formatClock(atMs: number): string {
  return clock.format(atMs);
}

/** A day as the heading of what happened on it. */
export function formatHeadingDay(atMs: number, nowMs: number): string {
  return isSameDay(atMs, nowMs) ? 'Today' : weekday.format(atMs);
}

export function isSameDay(firstMs: number, secondMs: number): boolean {
  return day.format(firstMs) === day.format(secondMs);
}

/** A moment to come: the time of today, else also the day. */
export function formatUntil(atMs: number, nowMs: number): string {
  return isSameDay(atMs, nowMs) ? clock.format(atMs) : `${day.format(atMs)}, ${clock.format(atMs)}`;
}
