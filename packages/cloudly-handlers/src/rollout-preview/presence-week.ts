import { historyResolutions, type HistorySlot } from '../fleet/history.js';

const { slotMs: HOUR_MS } = historyResolutions.hours;
const HOURS = 7 * 24;

/** When a node was heard in the last week, hour by hour. */
export interface PresenceWeek {
  /** When its first hour began; the next week is taken to be like it. */
  startMs: number;
  /** `undefined`: the node was not known yet. */
  hours: readonly (boolean | undefined)[];
}

/**
 * The last week of a node, by its history in hours; nothing if none of it is known.
 *
 * @param knownSinceMs when the node registered, or longer ago
 */
export function presenceWeekOf(
  slots: readonly HistorySlot[],
  { knownSinceMs, nowMs }: { knownSinceMs: number; nowMs: number },
): PresenceWeek | undefined {
  const startMs = hourOf(nowMs) - HOURS * HOUR_MS;
  const heard = new Set(slots.filter(({ heartbeatCount }) => heartbeatCount > 0).map((slot) => slot.startMs));
  const hours = Array.from({ length: HOURS }, (_none, hour) => {
    const atMs = startMs + hour * HOUR_MS;
    return atMs < knownSinceMs ? undefined : heard.has(atMs);
  });
  return hours.every((hour) => hour === undefined) ? undefined : { startMs, hours };
}

/** How many hours of the week are known. */
export function knownHourCount({ hours }: PresenceWeek): number {
  return hours.filter((hour) => hour !== undefined).length;
}

/** Whether a node that is like that is online then; where that is not known, it is as it is now. */
export function isOnlineAt(week: PresenceWeek | undefined, atMs: number, isOnlineNow: boolean): boolean {
  if (!week) return isOnlineNow;
  return week.hours[Math.floor((atMs - week.startMs) / HOUR_MS) % HOURS] ?? isOnlineNow;
}

/** When its presence may change next. */
export function nextHourMs(atMs: number): number {
  return hourOf(atMs) + HOUR_MS;
}

/** The first instant from then on at which it is online; nothing if it never is. */
export function onlineFromMs(
  week: PresenceWeek | undefined,
  fromMs: number,
  isOnline: (atMs: number) => boolean,
): number | undefined {
  if (isOnline(fromMs)) return fromMs;
  if (!week) return undefined;
  for (let hour = 0, atMs = nextHourMs(fromMs); hour <= HOURS; hour += 1, atMs += HOUR_MS) {
    if (isOnline(atMs)) return atMs;
  }
  return undefined;
}

function hourOf(atMs: number): number {
  return Math.floor(atMs / HOUR_MS) * HOUR_MS;
}
