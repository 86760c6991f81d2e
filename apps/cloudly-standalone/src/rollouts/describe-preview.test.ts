import type { Prediction, Rollout, RolloutPreview } from '@serve.zone/baseos-cloudly-handlers';
import { expect, test } from 'vitest';
import { previewLines, viewPreview } from './describe-preview.js';

const MINUTE_MS = 60_000;
const nowMs = 1_800_000_000_000;

const basis: Prediction['basis'] = {
  durations: { commandCount: 40, medianMs: 4 * MINUTE_MS, ninetiethMs: 11 * MINUTE_MS },
  endings: { endedCount: 42, failedCount: 2 },
  presence: { nodeCount: 100, hourCount: 168 },
  modelCount: 2000,
};

const preview: RolloutPreview = {
  memberCount: 100_000,
  offlineCount: 9,
  waves: [
    {
      memberCount: 1,
      onlineCount: 1,
      gate: 'manual',
      soakMs: 15 * MINUTE_MS,
      beginsAtMs: nowMs,
      overAtMs: nowMs + 5 * MINUTE_MS,
    },
    { memberCount: 99_999, onlineCount: 99_990, gate: 'auto', soakMs: 0 },
  ],
  obstacles: [
    { code: 'legacy-node', count: 1, nodeIds: ['old'] },
    { code: 'other-rollout', count: 12, nodeIds: ['a', 'b'], lookedAt: 500 },
  ],
  groups: {
    label: 'site',
    max: 2,
    groupCount: 9,
    largerCount: 3,
    largest: [
      { group: 'berlin', memberCount: 7 },
      { group: '', memberCount: 3 },
    ],
  },
  prediction: {
    outcome: 'ends',
    endsAtMs: nowMs + 3 * 24 * 60 * MINUTE_MS,
    endedPercent: { succeeded: 97.5, failed: 0, skipped: 2.5 },
    basis,
  },
};

test('a preview says what would become of a rollout, and how sure that is', () => {
  expect(previewLines({ name: 'autumn' } as Rollout, preview, nowMs)).toEqual([
    'autumn: 100000 nodes, 9 of them not online now',
    '  wave 1  1 node, 1 online, over in about 5 min, then a soak of 15 min and your approval',
    '  wave 2  99999 nodes, 99990 online',
    '1 node is a legacy node, which gets no commands: old',
    '12 nodes (of 500 that were looked at) are held by another rollout: a, b and 10 more',
    '3 of 9 values of site have more than 2 nodes: berlin (7), (none) (3) and 1 more',
    'It would end in about 3 d (97.5 % succeeded, 0 % failed, 2.5 % skipped), if gates are opened at once.',
    'It is predicted from 40 such commands of the last week, half of which took 4 min at most, and nine of ten 11 min; ' +
      '2 of 42 did not succeed, which it does not allow for; 100 nodes say when they were online, over up to 168 hours; ' +
      'by a model of 2000 nodes.',
  ]);
});

test.each<[prediction: Partial<Prediction>, sentence: string]>([
  [
    { outcome: 'pauses', pausesAtMs: nowMs + 5 * MINUTE_MS, endedPercent: { succeeded: 0, failed: 1, skipped: 0 } },
    'It would pause for failures in about 5 min (0 % succeeded, 1 % failed, 0 % skipped).',
  ],
  [{ outcome: 'too-long', followedUntilMs: nowMs + 5 * MINUTE_MS }, 'It would not have ended in 5 min.'],
  [{ outcome: 'no-durations' }, 'Nobody knows when it would end: no such command has succeeded in the last week.'],
  [{ outcome: 'no-members' }, 'There is nothing to do: no node matches.'],
])('%j is told', (prediction, sentence) => {
  const parts = { ...preview, obstacles: [], prediction: { basis, ...prediction } as Prediction };
  expect(previewLines({ name: 'autumn' } as Rollout, parts, nowMs)).toContain(sentence);
});

test('without a history of presence, that is said', () => {
  const unheard = { ...basis, endings: { endedCount: 40, failedCount: 0 }, presence: { nodeCount: 0, hourCount: 0 } };
  const parts = { ...preview, prediction: { ...preview.prediction, basis: unheard } };
  expect(previewLines({ name: 'autumn' } as Rollout, parts, nowMs).at(-1)).toContain(
    'none failed; there is no history of who was online when;',
  );
});

test('programs get instants in RFC 3339', () => {
  expect(viewPreview(preview)).toMatchObject({
    waves: [{ overAt: '2027-01-15T08:05:00.000Z' }, {}],
    prediction: { endsAt: '2027-01-18T08:00:00.000Z' },
  });
});
