import { expect, test } from 'vitest';
import { isClockOff } from './clock-off.js';

const MINUTE_MS = 60_000;

test('a clock is off from five minutes on, in either direction', () => {
  expect([4.9, 5, -4.9, -5].map((minutes) => isClockOff(minutes * MINUTE_MS))).toEqual([false, true, false, true]);
});

test('a clock that was off is right again well below that', () => {
  expect([4, -2.5, 2.4].map((minutes) => isClockOff(minutes * MINUTE_MS, true))).toEqual([true, true, false]);
});

test('a heartbeat without a difference changes nothing', () => {
  expect([isClockOff(undefined), isClockOff(undefined, true)]).toEqual([false, true]);
});
