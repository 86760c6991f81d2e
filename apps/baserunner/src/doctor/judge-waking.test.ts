import type { NodeFacts, WakingStatus } from '@serve.zone/baseos-runner-core';
import { describe, expect, test } from 'vitest';
import { judgeWaking } from './judge-waking.js';

const wallMs = Date.parse('2026-11-30T08:00:00Z');

function judge(waking: WakingStatus | undefined) {
  const published = {
    kind: 'live',
    published: { status: { cloudly: { waking } } },
  } as unknown as NodeFacts['published'];
  return judgeWaking({ published, wallMs });
}

function failing(inARow: number): WakingStatus {
  const failure = { inARow, since: '2026-11-30T07:40:00Z', reason: 'The request failed: ECONNRESET.' };
  return { state: 'failing', isWaiting: false, failure };
}

describe('the check of waking', () => {
  test.each<[string, WakingStatus | undefined, string, RegExp]>([
    ['an agent of an earlier version', undefined, 'skip', /does not wait/],
    ['off by the setting', { state: 'off', isWaiting: false }, 'pass', /BASEOS_WAKE/],
    ['no accepted heartbeat', { state: 'unknown', isWaiting: false }, 'skip', /no heartbeat/],
    ['a Cloudly that offers none', { state: 'not-offered', isWaiting: false }, 'pass', /does not wake/],
    ['a request that waits', { state: 'on', isWaiting: true }, 'pass', /within about a second/],
    ['a failure or two', failing(2), 'pass', /tried again.*ECONNRESET/],
    ['failures in a row', failing(3), 'warn', /failed for 20 min, 3 times in a row.*heartbeats.*ECONNRESET/],
  ])('%s', (_what, waking, verdict, message) => {
    expect(judge(waking)).toMatchObject({ verdict, message: expect.stringMatching(message) as string });
  });

  test('no agent', () => {
    expect(judgeWaking({ published: { kind: 'none' }, wallMs })).toMatchObject({ verdict: 'skip' });
  });
});
