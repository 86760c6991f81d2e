import { describe, expect, test } from 'vitest';
import { listedNode, type ListedChanges } from '../../test/fixtures/listed-node.js';
import type { Rollout } from '../fleet-store/rollout.js';
import { defaultLimits } from '../rollouts/defaults.js';
import { deviceStatus } from '../stores/suite/fleet/fleet-fixtures.js';
import { NOW_MS } from '../stores/suite/fixtures.js';
import { durationAt, durationOf } from './command-course.js';
import { previewGroups } from './large-groups.js';
import { answerOf, createObstacleCount, obstaclesOf } from './obstacles.js';

const status = { ...deviceStatus({ hostname: 'a', commit: 'def' }), acceptedCommands: ['update' as const] };
const update: Pick<Rollout, 'command'> = { command: { kind: 'update', commit: 'abc' } };

describe('what speaks against a rollout with a node', () => {
  test.each<[what: string, ListedChanges, Rollout['command'], string[], string]>([
    ['nothing', { status }, update.command, [], 'succeeds'],
    ['nothing that is known', {}, update.command, [], 'succeeds'],
    ['that it does not accept the command', { status }, { kind: 'reboot' }, ['not-accepted'], 'refuses'],
    [
      'that it does not accept force',
      { status },
      { ...update.command, force: true },
      ['force-not-accepted'],
      'refuses',
    ],
    [
      'that nobody has approved it',
      { record: { approvedAtMs: undefined as never } },
      update.command,
      ['node-pending'],
      'succeeds',
    ],
    ['that it is revoked', { record: { revokedAtMs: 1 } }, update.command, ['node-revoked'], 'succeeds'],
    ['a copied disk', { record: { cloneSuspectedAtMs: 1 } }, update.command, ['clone-suspected'], 'succeeds'],
    [
      'its age',
      { record: { registrationKeyHash: undefined as never } },
      update.command,
      ['legacy-node'],
      'never-listed',
    ],
    ['that it runs the release', { status }, { kind: 'update', commit: 'def' }, ['already'], 'succeeds'],
    [
      'that another release waits behind its gate',
      { status: { ...status, updates: { mode: 'gated', gate: 'closed', staged: 'other' } } },
      update.command,
      ['other-release'],
      'has-other-release',
    ],
    [
      'that no release waits behind its gate yet',
      { status: { ...status, updates: { mode: 'gated', gate: 'closed' } } },
      { kind: 'update', commit: 'new' },
      ['not-staged'],
      'succeeds',
    ],
  ])('%s', (_what, changes, command, codes, answer) => {
    const rollout = { ...update, command } as Rollout;
    const found = obstaclesOf(listedNode('a', changes), rollout, NOW_MS);
    expect(found).toEqual(codes);
    expect(answerOf(found)).toBe(answer);
  });

  test('is counted, with the first nodes', () => {
    const count = createObstacleCount();
    count.add('already', 'a');
    for (let index = 0; index < 12; index += 1) count.add('not-accepted', `n-${index}`);
    const [first, second] = count.obstacles();
    expect(first).toMatchObject({ code: 'not-accepted', count: 12 });
    expect(first?.nodeIds).toHaveLength(10);
    expect(second).toEqual({ code: 'already', count: 1, nodeIds: ['a'] });
  });
});

test('groups with more members than may be in flight are named, the largest first', () => {
  const members = ['a', 'b', 'b', 'c', 'c', 'c', ''].map((group) => ({ group }));
  const limits = { ...defaultLimits(7), perGroup: { label: 'site', max: 1 } };
  expect(previewGroups(members, limits)).toEqual({
    label: 'site',
    max: 1,
    groupCount: 4,
    largerCount: 2,
    largest: [
      { group: 'c', memberCount: 3 },
      { group: 'b', memberCount: 2 },
    ],
  });
  expect(previewGroups(members, defaultLimits(7))).toBeUndefined();
});

test('the nodes of a model take as long as the commands of before, each of them as often', () => {
  const course = { durationsMs: [1, 2, 3, 4, 5, 6], endedCount: 6, failedCount: 0 };
  const taken = Array.from({ length: 12 }, (_none, index) => durationOf(course, index));
  expect(taken.toSorted((one, other) => one - other)).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]);
  expect([durationAt(course, 50), durationAt(course, 90), durationAt(course, 100)]).toEqual([4, 6, 6]);
  expect(durationAt({ ...course, durationsMs: [] }, 50)).toBeUndefined();
});
