import type { WakeOutcome } from '@serve.zone/baseos-cloudly-connector';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { problem } from '../../test/fake-cloudly.js';
import { afterOffer, afterWait, initialWakeState } from './wake-rules.js';

const answer = { protocol: 1, cloudlyId: 'cloudly-1', serverTime: '2026-11-23T16:00:00Z' } as const;
const woken: WakeOutcome = { kind: 'woken', answer: { ...answer, wake: true } };
const notWoken: WakeOutcome = { kind: 'not-woken', answer: { ...answer, wake: false } };
const whole = { waitedMs: 50_000, waitMs: 50_000 };
const short = { waitedMs: 24_999, waitMs: 50_000 };
const twice = { failures: 2, isOff: false };

describe('after a wait', () => {
  test.each([
    ['woken, and something was told', woken, { ...short, toldNews: true }],
    ['woken, and no answer came', woken, { ...short, toldNews: undefined }],
    ['that was held as long as offered', notWoken, whole],
    ['that was held for half of it', notWoken, { waitedMs: 25_000, waitMs: 50_000 }],
  ])('%s: the next one follows after the usual pause', (_what, outcome, facts) => {
    expect(afterWait(twice, outcome, facts)).toEqual({ state: initialWakeState, pace: { kind: 'apart' } });
  });

  test.each<[string, WakeOutcome, { waitedMs: number; waitMs: number; toldNews?: boolean }]>([
    ['woken, and nothing new was told', woken, { ...whole, toldNews: false }],
    ['that ended early', notWoken, short],
    ['that failed', { kind: 'failed', reason: 'ECONNRESET' }, whole],
    ['for which Cloudly is too busy', { kind: 'busy', status: 503 }, whole],
    [
      'that is a verdict in the answer to a heartbeat',
      { kind: 'failed', reason: 'x', status: 410, problem: problem('node-revoked') },
      short,
    ],
  ])('%s: it backs off as heartbeats do', (_what, outcome, facts) => {
    expect(afterWait(twice, outcome, facts)).toEqual({
      state: { failures: 3, isOff: false, reason: expect.stringMatching(/^[A-Z].*\.$/) },
      pace: { kind: 'backoff', failures: 3, retryAfterMs: undefined },
    });
  });

  test('that Cloudly sends away: Retry-After counts, a stranger’s only up to the backoff', () => {
    const busy = { kind: 'busy', status: 503, retryAfterMs: 3_600_000 } as const;
    const paceOf = (outcome: WakeOutcome) => afterWait(twice, outcome, short).pace;
    expect(paceOf({ ...busy, problem: problem('unavailable') })).toMatchObject({ retryAfterMs: 3_600_000 });
    expect(paceOf(busy)).toMatchObject({ retryAfterMs: expect.any(Number) });
    const stranger = paceOf(busy);
    expect(stranger.kind === 'backoff' && stranger.retryAfterMs).toBeLessThanOrEqual(300_000);
  });

  test('that nobody offers: off until the next offer, and then later each time', () => {
    const { state } = afterWait(twice, { kind: 'not-offered', status: 404 }, short);
    const reason = 'Cloudly offers it, but the endpoint is missing (HTTP 404).';
    expect(state).toEqual({ failures: 3, isOff: true, reason });
    expect(afterOffer(state)).toEqual({ failures: 3, isOff: false, reason });
  });

  test('that was ended here: nothing counts', () => {
    expect(afterWait(twice, { kind: 'aborted' }, short).state).toEqual(twice);
  });
});

test('whatever comes, the failures in a row are those since the last success', () => {
  const kinds = fc.constantFrom<WakeOutcome>(
    woken,
    notWoken,
    { kind: 'not-offered', status: 501 },
    { kind: 'busy', status: 429, retryAfterMs: 1000 },
    { kind: 'failed', reason: 'x' },
    { kind: 'aborted' },
  );
  const waits = fc.array(fc.record({ outcome: kinds, waitedMs: fc.nat(60_000), toldNews: fc.boolean() }));
  fc.assert(
    fc.property(waits, (each) => {
      let state = initialWakeState;
      let expected = 0;
      for (const { outcome, waitedMs, toldNews } of each) {
        const isGood = outcome.kind === 'woken' ? toldNews : outcome.kind === 'not-woken' && waitedMs >= 25_000;
        if (outcome.kind !== 'aborted') expected = isGood ? 0 : expected + 1;
        ({ state } = afterWait(afterOffer(state), outcome, { waitedMs, waitMs: 50_000, toldNews }));
        expect(state.failures).toBe(expected);
      }
    }),
  );
});
