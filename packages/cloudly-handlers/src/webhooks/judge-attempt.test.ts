import { array, assert, constantFrom, double, nat, property, record } from 'fast-check';
import { expect, test } from 'vitest';
import { howMany } from '@serve.zone/baseos-testing/chance/how-many';
import type { Delivery } from '../fleet-store/webhook.js';
import type { ReceiverVerdict } from '../fleet-store/webhook-store.js';
import { changeHealth, FAILING_MAX_MS, type WebhookHealth } from './change-health.js';
import { judgeAttempt } from './judge-attempt.js';
import { nextWaitMs, retryWaitsMs } from './retries.js';

const HOUR_MS = 3_600_000;
const delivery: Delivery = {
  id: 'msg_1',
  webhookId: 'w',
  number: 1,
  kind: 'node-late',
  createdAtMs: 0,
  state: 'sending',
  attempts: 1,
  dueAtMs: 0,
  body: '{}',
};
const result = { atMs: 1000, tookMs: 5 };
const failure = { answer: { problem: 'timeout' }, result: { ...result, problem: 'timeout' } } as const;

test('a delivery that was taken is over', () => {
  expect(judgeAttempt(delivery, { answer: { status: 204 }, result }, 0.5)).toMatchObject({
    state: 'delivered',
    verdict: 'delivered',
    attempts: 1,
  });
});

test('one that failed waits, longer and longer for about a day, and has failed then', () => {
  const waits = Array.from({ length: retryWaitsMs.length + 1 }, (_, index) => {
    const { state, dueAtMs } = judgeAttempt({ ...delivery, attempts: index + 1 }, failure, 0.5);
    return state === 'waiting' ? dueAtMs - result.atMs : state;
  });
  expect(waits).toEqual([...retryWaitsMs, 'failed']);
  const sumMs = retryWaitsMs.reduce((sum, waitMs) => sum + waitMs, 0);
  expect(sumMs).toBeGreaterThan(23 * HOUR_MS);
  expect(sumMs).toBeLessThan(25 * HOUR_MS);
});

test('a wait is up to a fifth more or less, and as long as the receiver asks for, within an hour', () => {
  const random = double({ min: 0, max: 1, noNaN: true });
  const attempts = nat({ max: retryWaitsMs.length - 1 }).map((index) => index + 1);
  const isWithin = (count: number, by: number, retryAfterMs: number): boolean => {
    const waitMs = retryWaitsMs[count - 1] ?? 0;
    const actualMs = nextWaitMs({ attempts: count, random: by, retryAfterMs }) ?? Number.NaN;
    const leastMs = Math.max(waitMs * 0.8, Math.min(retryAfterMs, HOUR_MS)) - 1;
    return actualMs >= leastMs && actualMs <= Math.max(waitMs * 1.2, HOUR_MS) + 1;
  };
  assert(property(attempts, random, nat({ max: 10 * HOUR_MS }), isWithin), { numRuns: howMany(100, 2000) });
});

test('a receiver that is gone gets nothing more', () => {
  const gone = { answer: { status: 410, problem: 'rejected' }, result } as const;
  expect(judgeAttempt(delivery, gone, 0.5)).toMatchObject({ state: 'failed', verdict: 'gone' });
});

test('a test is sent once, and says nothing about the receiver', () => {
  const asked = { ...delivery, kind: 'webhook-test' } as const;
  expect(judgeAttempt(asked, failure, 0.5)).toMatchObject({ state: 'failed', verdict: undefined });
  expect(judgeAttempt(asked, { answer: { status: 200 }, result }, 0.5)).toMatchObject({ verdict: undefined });
});

test('a receiver is disabled once, by 410 or after five days without success, whatever comes in which order', () => {
  const verdict = constantFrom<ReceiverVerdict>('delivered', 'failed', 'failed', 'failed', 'gone');
  const step = record({ verdict, afterMs: nat({ max: FAILING_MAX_MS }) });
  const { id, name } = { id: 'w', name: 'w' };
  const webhook = {
    id,
    name,
    revision: 1,
    url: '',
    createdBy: 'system',
    createdAtMs: 0,
    secretVersion: 1,
    secretChangedAtMs: 0,
    keyFingerprint: '',
  } as const;
  assert(
    property(array(step), (steps) => {
      let health: WebhookHealth = {};
      let atMs = 0;
      let failingSinceMs: number | undefined;
      let shouldBeDisabled = false;
      let toldCount = 0;
      for (const { verdict: each, afterMs } of steps) {
        atMs += afterMs;
        failingSinceMs = each === 'delivered' ? undefined : (failingSinceMs ?? atMs);
        shouldBeDisabled ||=
          each === 'gone' || (each === 'failed' && atMs - (failingSinceMs ?? atMs) >= FAILING_MAX_MS);
        const change = changeHealth({ webhook, ...health }, each, atMs);
        health = change?.health ?? health;
        toldCount += change?.told.length ?? 0;
        expect(health.failingSinceMs).toBe(failingSinceMs);
        expect(health.disabled !== undefined).toBe(shouldBeDisabled);
      }
      expect(toldCount).toBe(shouldBeDisabled ? 1 : 0);
    }),
    { numRuns: howMany(100, 2000) },
  );
});
