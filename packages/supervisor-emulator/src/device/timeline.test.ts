import { expect, test } from 'vitest';

import { ManualClock } from './manual-clock.js';
import { Timeline } from './timeline.js';

test('a wait ends at its time', async () => {
  const clock = new ManualClock(0);
  const timeline = new Timeline(clock);
  let over = false;
  const waiting = timeline.until(500).then(() => (over = true));
  await clock.advance(499);
  expect(over).toBe(false);
  await clock.advance(1);
  await waiting;
  expect(timeline.now()).toBe(500);
});

test('a wait ends at a change before its time, and leaves no sleeper behind', async () => {
  const clock = new ManualClock(0);
  const timeline = new Timeline(clock);
  const waiting = timeline.until(500);
  timeline.wake();
  await waiting;
  expect(timeline.now()).toBe(0);
});

test('a wait without a time ends only at a change', async () => {
  const timeline = new Timeline({ now: () => 0 });
  const waiting = timeline.until(Infinity);
  timeline.wake();
  await waiting;
  expect(timeline.now()).toBe(0);
});

test('on a clock that cannot sleep, time leaps to the end of a wait until the clock has caught up', async () => {
  let now = 100;
  const timeline = new Timeline({ now: () => now });
  await timeline.until(500);
  expect(timeline.now()).toBe(500);
  now = 400;
  expect(timeline.now()).toBe(500);
  now = 600;
  expect(timeline.now()).toBe(600);
});

test('a wait for a time in the past ends at once', async () => {
  const timeline = new Timeline({ now: () => 100, sleep: () => Promise.reject(new Error('asleep')) });
  await timeline.until(100);
  expect(timeline.now()).toBe(100);
});

test('a wait is aborted by its signal, or with all others', async () => {
  const timeline = new Timeline(new ManualClock(0));
  const abort = new AbortController();
  const one = timeline.until(Infinity, abort.signal);
  abort.abort(new Error('client gone'));
  await expect(one).rejects.toThrow('client gone');
  await expect(timeline.until(1, abort.signal)).rejects.toThrow('client gone');
  const other = timeline.until(1000);
  timeline.giveUp();
  await expect(other).rejects.toThrow('The Supervisor is gone.');
});
