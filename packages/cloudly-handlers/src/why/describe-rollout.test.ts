import { expect, test } from 'vitest';
import type { Rollout } from '../fleet-store/rollout.js';
import { defaultLimits, defaultWaves } from '../rollouts/defaults.js';
import { noMembers } from '../rollouts/wave-counts.js';
import { NOW_MS } from '../stores/suite/fixtures.js';
import { describeRollout } from './describe-rollout.js';

const HOUR_MS = 3_600_000;

function rolloutOf(changes: Partial<Rollout>): Rollout {
  return {
    id: 'r',
    revision: 1,
    name: 'autumn',
    command: { kind: 'blink' },
    selector: '',
    createdAtMs: NOW_MS,
    createdBy: 'operator:ada',
    role: 'operate',
    waves: defaultWaves(),
    limits: defaultLimits(100),
    isDynamic: false,
    needsApproval: false,
    state: 'running',
    waveIndex: 0,
    counts: [{ ...noMembers, held: 2, offered: 1, running: 3 }, noMembers, noMembers],
    ...changes,
  };
}

const over = { ...noMembers, succeeded: 1 };

test.each<[changes: Partial<Rollout>, sentence: string]>([
  [{ state: 'draft' }, 'a draft, which has not begun'],
  [{ state: 'draft', needsApproval: true }, 'a draft, which another person must approve'],
  [
    { state: 'draft', needsApproval: true, approval: { by: 'operator:bo', atMs: NOW_MS } },
    'a draft, which operator:bo has approved',
  ],
  [{ state: 'starting' }, 'its members are being frozen'],
  [{}, 'running: wave 1 of 3, with 4 in flight and 2 held'],
  [{ waveOverAtMs: NOW_MS, counts: [over, over, over] }, 'running: wave 1 of 3 is over, and waits for approval'],
  [
    { waveIndex: 1, waveOverAtMs: NOW_MS, counts: [over, over, over] },
    'running: wave 2 of 3 is over, and all must stay quiet until 2027-01-15 08:15 UTC',
  ],
  [{ waveIndex: 1, waveOverAtMs: NOW_MS - HOUR_MS, counts: [over, over, over] }, 'running: wave 2 of 3 is over'],
  [
    { waveIndex: 2, waveOverAtMs: NOW_MS, counts: [over, over, { ...over, deferred: 1 }] },
    'running: wave 3 of 3 is over, and waits for members that are deferred',
  ],
  [{ state: 'paused', pause: { reason: 'operator', by: 'operator:bo', atMs: NOW_MS } }, 'paused by operator:bo'],
  [
    {
      state: 'paused',
      pause: { reason: 'failures', by: 'system', atMs: NOW_MS },
      counts: [{ ...noMembers, failed: 1 }, noMembers, noMembers],
    },
    'paused because 1 of 1 members of wave 1 that have ended failed',
  ],
  [{ state: 'finished' }, 'finished'],
  [{ state: 'stopped' }, 'stopped'],
])('%j is told', (changes, sentence) => {
  expect(describeRollout(rolloutOf(changes), NOW_MS)).toBe(sentence);
});
