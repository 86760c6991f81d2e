import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSignInDelays } from './sign-in-delays.js';

test('whatever the times of the attempts are, no more of them take place than the delays allow', () => {
  const steps = fc.array(fc.nat(120_000), { maxLength: 80 });
  fc.assert(
    fc.property(steps, (pauses) => {
      const delays = createSignInDelays();
      let nowMs = 0;
      const taken: number[] = [];
      for (const pauseMs of pauses) {
        nowMs += pauseMs;
        const waitMs = delays.begin('ada', nowMs);
        expect(waitMs).toBeLessThanOrEqual(60_000);
        if (waitMs === 0) taken.push(nowMs);
      }
      // From the fifth of a series on, each waits longer: a second, two, four, up to a minute.
      const gaps = taken.slice(1).map((atMs, index) => atMs - (taken[index] ?? 0));
      for (const [index, gapMs] of gaps.slice(4).entries()) {
        expect(gapMs).toBeGreaterThanOrEqual(Math.min(1000 * 2 ** index, 60_000));
      }
    }),
  );
});

test('attempts are forgotten a quarter of an hour after the last one, and after a right password', () => {
  const delays = createSignInDelays();
  for (let attempt = 0; attempt < 5; attempt += 1) expect(delays.begin('ada', 0)).toBe(0);
  expect(delays.begin('ada', 500)).toBe(500);
  expect(delays.begin('ben', 500)).toBe(0);
  expect(delays.begin('ada', 15 * 60_000)).toBe(0);
  for (let attempt = 0; attempt < 4; attempt += 1) delays.begin('ada', 15 * 60_000);
  expect(delays.begin('ada', 15 * 60_000)).toBe(1000);
  delays.forget('ada');
  expect(delays.begin('ada', 15 * 60_000)).toBe(0);
});

test('a clock that is set back lets nobody wait for it', () => {
  const delays = createSignInDelays();
  for (let attempt = 0; attempt < 12; attempt += 1) delays.begin('ada', 1_000_000);
  expect(delays.begin('ada', 0)).toBe(0);
});

test('a name that nobody can have takes no more memory than the longest one', () => {
  const delays = createSignInDelays();
  for (let attempt = 0; attempt < 5; attempt += 1) delays.begin(`${'x'.repeat(100_000)}${attempt}`, 0);
  expect(delays.begin('x'.repeat(100_000), 0)).toBe(1000);
  expect(delays.begin('x'.repeat(64), 0)).toBe(0);
  delays.forget('x'.repeat(70));
  expect(delays.begin('x'.repeat(100_000), 0)).toBe(0);
});

test('the memory is bounded: the name that was tried longest ago is forgotten', () => {
  const delays = createSignInDelays(2);
  for (const name of ['ada', 'ben']) for (let attempt = 0; attempt < 5; attempt += 1) delays.begin(name, 0);
  delays.begin('eve', 0);
  expect([delays.begin('ben', 0), delays.begin('ada', 0)]).toEqual([1000, 0]);
});
