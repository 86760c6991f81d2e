import { expect, test } from 'vitest';
import { VirtualClock } from './virtual-clock.js';

const forever = new AbortController().signal;

test('a result that sleeps an hour arrives at once, and an hour has passed', async () => {
  const clock = new VirtualClock(1000);
  const work = clock.sleep(3_600_000, forever).then(() => 'done');
  await expect(clock.outcomeOf(work, 4_000_000)).resolves.toEqual({ result: 'done' });
  expect(clock.now()).toBe(3_601_000);
});

test('sleepers wake in the order of their times', async () => {
  const clock = new VirtualClock(0);
  const woken: string[] = [];
  const note = async (...moments: readonly (readonly [ms: number, word: string])[]): Promise<void> => {
    for (const [ms, word] of moments) {
      await clock.sleep(ms, forever);
      woken.push(word);
    }
  };
  void note([200, 'late']);
  void note([100, 'early'], [50, 'between']);
  await clock.pass(199);
  expect(woken).toEqual(['early', 'between']);
  await clock.pass(1);
  expect(woken).toEqual(['early', 'between', 'late']);
});

test('without a result in time there is none, and that time has passed', async () => {
  const clock = new VirtualClock(0);
  await expect(clock.outcomeOf(clock.sleep(101, forever), 100)).resolves.toBeUndefined();
  expect(clock.now()).toBe(100);
});

test('a task that never ends and does not sleep is abandoned after the patience', async () => {
  const clock = new VirtualClock(0);
  await expect(clock.outcomeOf(new Promise(() => {}), 4000)).resolves.toBeUndefined();
  expect(clock.now()).toBe(4000);
});

test('a failure is passed on', async () => {
  const clock = new VirtualClock(0);
  await expect(clock.outcomeOf(Promise.reject(new Error('torn')), 100)).rejects.toThrow('torn');
});

test('an aborted sleep blocks nobody', async () => {
  const clock = new VirtualClock(0);
  const ending = new AbortController();
  const sleep = clock.sleep(100, ending.signal);
  ending.abort(new Error('gone'));
  await expect(sleep).rejects.toThrow('gone');
  await clock.pass(50);
  expect(clock.now()).toBe(50);
});
