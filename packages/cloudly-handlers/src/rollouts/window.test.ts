import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isWindowOpen, windowStateAt } from './window.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Zones, and a day of theirs on which the clock is put forward or back. */
const changes = [
  { zone: 'Europe/Berlin', dayMs: Date.UTC(2027, 2, 28) },
  { zone: 'Europe/Berlin', dayMs: Date.UTC(2027, 9, 31) },
  { zone: 'America/Sao_Paulo', dayMs: Date.UTC(2018, 10, 4) },
  { zone: 'America/Sao_Paulo', dayMs: Date.UTC(2019, 1, 17) },
  { zone: 'Australia/Lord_Howe', dayMs: Date.UTC(2027, 3, 3) },
  { zone: 'UTC', dayMs: Date.UTC(2027, 0, 15) },
];

const anyWindow = fc
  .record({
    change: fc.constantFrom(...changes),
    hour: fc.nat({ max: 23 }),
    minute: fc.nat({ max: 59 }),
    durationMs: fc.integer({ min: MINUTE_MS, max: 22 * HOUR_MS }),
    offsetMs: fc.integer({ min: -2 * DAY_MS, max: 3 * DAY_MS }),
  })
  .map(({ change: { zone, dayMs }, hour, minute, durationMs, offsetMs }) => ({
    window: { cron: `${minute} ${hour} * * *`, zone, durationMs },
    clock: `${two(hour)}:${two(minute)}`,
    dayMs,
    atMs: dayMs + offsetMs,
  }));

function two(number: number): string {
  return String(number).padStart(2, '0');
}

/** The date and the time of the clocks in a zone. */
function localIn(zone: string, atMs: number): { date: string; clock: string } {
  const text = new Intl.DateTimeFormat('sv', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(atMs);
  const [date = '', clock = ''] = text.split(' ');
  return { date, clock };
}

describe('a window', () => {
  const window = { cron: '0 22 * * 1-5', zone: 'Europe/Berlin', durationMs: 2 * HOUR_MS };
  const mondayMs = Date.UTC(2027, 0, 18, 21);

  test.each([
    [false, -1],
    [true, 0],
    [true, 2 * HOUR_MS - 1],
    [false, 2 * HOUR_MS],
  ])('is open: %s, %i ms after its instant', (isOpen, afterMs) => {
    expect(isWindowOpen(window, mondayMs + afterMs)).toBe(isOpen);
  });

  test('says when it opens and closes', () => {
    expect(windowStateAt(window, mondayMs - 5)).toEqual({ isOpen: false, changesAtMs: mondayMs });
    expect(windowStateAt(window, mondayMs)).toEqual({ isOpen: true, changesAtMs: mondayMs + 2 * HOUR_MS });
  });

  test('that opens again before it closes stays open', () => {
    const overlapping = { ...window, cron: '0,30 22 * * *', durationMs: HOUR_MS };
    expect(windowStateAt(overlapping, mondayMs)).toEqual({ isOpen: true, changesAtMs: mondayMs + 1.5 * HOUR_MS });
    const always = { ...window, cron: '* * * * *' };
    expect(windowStateAt(always, mondayMs)).toEqual({ isOpen: true });
  });

  test('that never opens is closed', () => {
    expect(windowStateAt({ ...window, cron: '0 0 30 2 *' }, mondayMs)).toEqual({ isOpen: false });
  });
});

describe('where clocks are put forward and back', () => {
  test('a window changes when it says so, and at no other instant', () => {
    const holds = fc.property(anyWindow, fc.double({ min: 0, max: 1, noNaN: true }), ({ window, atMs }, part) => {
      const { isOpen, changesAtMs = NaN } = windowStateAt(window, atMs);
      const betweenMs = Math.floor(atMs + part * (changesAtMs - 1 - atMs));
      const open = [atMs, betweenMs, changesAtMs - 1].map((eachMs) => isWindowOpen(window, eachMs));
      expect(open).toEqual([isOpen, isOpen, isOpen]);
      expect(isWindowOpen(window, changesAtMs)).toBe(!isOpen);
    });
    expect(() => fc.assert(holds)).not.toThrow();
  });

  test('a daily window opens once on each day, at its time if there is one', () => {
    const holds = fc.property(anyWindow, ({ window, clock, dayMs }) => {
      const { zone } = window;
      const opened: { date: string; clock: string }[] = [];
      for (let atMs = dayMs - 3 * DAY_MS; atMs < dayMs + 4 * DAY_MS;) {
        const { isOpen, changesAtMs = Infinity } = windowStateAt({ ...window, durationMs: MINUTE_MS }, atMs);
        if (!isOpen) opened.push(localIn(zone, changesAtMs));
        atMs = changesAtMs;
      }
      const dates = opened.map(({ date }) => date);
      expect(new Set(dates).size).toBe(dates.length);
      expect(Date.parse(dates.at(-1) ?? '') - Date.parse(dates[0] ?? '')).toBe((dates.length - 1) * DAY_MS);
      const others = opened.filter((each) => each.clock !== clock);
      expect(others.length).toBeLessThanOrEqual(1);
      for (const { date } of others) expect(hasClock(zone, date, clock)).toBe(false);
    });
    expect(() => fc.assert(holds)).not.toThrow();
  });
});

/** Whether the clocks of a zone show this time on that date. */
function hasClock(zone: string, date: string, clock: string): boolean {
  const dayMs = Date.parse(date);
  for (let atMs = dayMs - DAY_MS; atMs < dayMs + 2 * DAY_MS; atMs += MINUTE_MS) {
    const local = localIn(zone, atMs);
    if (local.date === date && local.clock === clock) return true;
  }
  return false;
}
