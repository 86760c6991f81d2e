import { expect, test } from 'vitest';
import { FakeAction } from '../../../test/fake-action.js';
import { retryAfterNoMs } from './retry-after-no.js';

const locked = FakeAction.locked('main');

test.each([
  [0, 15_000],
  [299_999, 15_000],
  [300_000, 300_000],
  [86_400_000, 300_000],
])('a command that has waited %d ms for a lock is retried after %d ms', (waitedMs, retryMs) => {
  expect(retryAfterNoMs(locked, waitedMs)).toBe(retryMs);
});

test('the retry time of a refusal takes precedence, however long the command has waited', () => {
  expect(retryAfterNoMs({ ...locked, phase: 'postponed', retryMs: 10_000 }, 86_400_000)).toBe(10_000);
});
