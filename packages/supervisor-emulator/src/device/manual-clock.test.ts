import { expect, test } from 'vitest';

import { ManualClock } from './manual-clock.js';

const never = new AbortController().signal;

test('wakes each sleeper at its own time, even one that falls asleep meanwhile', async () => {
  const clock = new ManualClock(1000);
  const woken: [string, number][] = [];
  const note = (name: string) => (): void => void woken.push([name, clock.now()]);
  const twice = clock
    .sleep(100, never)
    .then(note('first'))
    .then(() => clock.sleep(50, never))
    .then(note('again'));
  const late = clock.sleep(300, never).then(note('late'));
  await clock.advance(200);
  expect(woken).toEqual([
    ['first', 1100],
    ['again', 1150],
  ]);
  expect(clock.now()).toBe(1200);
  await clock.advance(100);
  await Promise.all([twice, late]);
  expect(woken.at(-1)).toEqual(['late', 1300]);
});

test('releases a sleeper that gives up', async () => {
  const clock = new ManualClock(0);
  const abort = new AbortController();
  const asleep = clock.sleep(100, abort.signal);
  abort.abort(new Error('given up'));
  await expect(asleep).rejects.toThrow('given up');
  await expect(clock.sleep(1, abort.signal)).rejects.toThrow('given up');
  await clock.advance(1000);
  expect(clock.now()).toBe(1000);
});
