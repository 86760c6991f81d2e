import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextTryMs } from './next-try.js';

test('a command that waits is tried when it was told to, and once more before it expires', () => {
  expect(nextTryMs({ nowMs: 0, retryMs: 60_000, expiresAtMs: 300_000 })).toBe(60_000);
  expect(nextTryMs({ nowMs: 0, retryMs: 300_000, expiresAtMs: 60_000 })).toBe(58_000);
  expect(nextTryMs({ nowMs: 58_000, retryMs: 300_000, expiresAtMs: 60_000 })).toBe(358_000);
  expect(nextTryMs({ nowMs: 0, retryMs: 0, expiresAtMs: 60_000 })).toBe(1000);
});

test('whatever it waits for, it is tried in its last seconds, and never without a pause', () => {
  fc.assert(
    fc.property(fc.nat(3_600_000), fc.array(fc.nat(600_000), { minLength: 1 }), (expiresAtMs, retriesMs) => {
      const triesMs = [0];
      for (let nowMs = 0, index = 0; nowMs < expiresAtMs; index += 1) {
        nowMs = nextTryMs({ nowMs, retryMs: retriesMs[index % retriesMs.length] ?? 0, expiresAtMs });
        triesMs.push(nowMs);
      }
      expect(triesMs.every((atMs, index) => index === 0 || atMs - (triesMs[index - 1] ?? 0) >= 1000)).toBe(true);
      const inTime = triesMs.filter((atMs) => atMs < expiresAtMs);
      expect(expiresAtMs - (inTime.at(-1) ?? 0)).toBeLessThan(expiresAtMs === 0 ? 1 : 3000);
    }),
  );
});
