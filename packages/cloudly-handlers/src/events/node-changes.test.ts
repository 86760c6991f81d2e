import { assert, constantFrom, nat, property, array, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keepBoot, recordReturn } from '../fleet/clone-suspicion.js';
import type { NodeRecord } from '../fleet/node-record.js';
import { activateToken, issueToken, rebind, recordBoot, voidTokens } from '../fleet/node-transition.js';
import { issued, nodeRecord, NOW_MS } from '../stores/suite/fixtures.js';
import { changesOfCreation, changesOfRemoval, changesOfReplacement } from './node-changes.js';

const node = nodeRecord('n', { approvedAtMs: 1, currentToken: issued('a'), nextToken: issued('b') });
const MINUTE_MS = 60_000;

describe('what is told of a node', () => {
  test('that is new: who admitted it, and whether it waits for an operator', () => {
    const details = { joinTokenId: 'join', isPending: true, approvalCode: 'ABCD1234' };
    expect(changesOfCreation(nodeRecord('n'))).toEqual([{ kind: 'node-registered', details }]);
    const approved = changesOfCreation(nodeRecord('n', { approvedAtMs: 1 }));
    expect(approved).toEqual([{ kind: 'node-registered', details: { ...details, isPending: false } }]);
  });

  test('that is forgotten: what it was called', () => {
    expect(changesOfRemoval('gate-07')).toEqual([{ kind: 'node-forgotten', details: { shownName: 'gate-07' } }]);
    expect(changesOfRemoval(undefined)).toEqual([{ kind: 'node-forgotten', details: {} }]);
  });

  const allowed = { approvalCode: 'WXYZ', untilMs: 9 };
  const { nextToken: _none, ...withOneToken } = node;
  const { currentToken: _current, ...withNextToken } = node;

  test.each<[string, Partial<NodeRecord>, NodeRecord, object[]]>([
    ['approved', {}, nodeRecord('n', { approvedAtMs: 1 }), [{ kind: 'node-approved', details: {} }]],
    ['revoked', {}, nodeRecord('n', { revokedAtMs: 1 }), [{ kind: 'node-revoked', details: {} }]],
    ['unrevoked', { revokedAtMs: 1 }, nodeRecord('n'), [{ kind: 'node-unrevoked', details: {} }]],
    ['allowed a rebind', {}, nodeRecord('n', { rebind: allowed }), [{ kind: 'node-rebind-allowed', details: allowed }]],
    [
      'asked for a new token',
      {},
      nodeRecord('n', { rotationDemandedAtMs: 1 }),
      [{ kind: 'node-rotation-demanded', details: {} }],
    ],
    [
      'void of both tokens',
      node,
      voidTokens(node),
      [{ kind: 'node-tokens-voided', details: { tokenIds: ['a', 'b'] } }],
    ],
    ['void of the one it uses', node, withNextToken, [{ kind: 'node-tokens-voided', details: { tokenIds: ['a'] } }]],
    ['void of its next token', node, withOneToken, [{ kind: 'node-tokens-voided', details: { tokenIds: ['b'] } }]],
    [
      'to take releases otherwise',
      { updatesMode: 'free' },
      nodeRecord('n', { updatesMode: 'gated' }),
      [{ kind: 'node-updates-set', details: { from: 'free', to: 'gated' } }],
    ],
    [
      'to take releases as an operator says',
      {},
      nodeRecord('n', { updatesMode: 'own' }),
      [{ kind: 'node-updates-set', details: { to: 'own' } }],
    ],
  ])('that is %s', (_what, before, after, changes) => {
    expect(changesOfReplacement(nodeRecord('n', before), after)).toEqual(changes);
  });

  test('is nothing while its tokens are rotated', () => {
    const issuedToIt = issueToken(withOneToken, { id: 'c', hash: 'c', token: '' }, NOW_MS);
    expect(changesOfReplacement(withOneToken, issuedToIt)).toEqual([]);
    expect(changesOfReplacement(node, issueToken(node, { id: 'c', hash: 'c', token: '' }, NOW_MS))).toEqual([]);
    expect(changesOfReplacement(issuedToIt, activateToken(issuedToIt, 'c'))).toEqual([]);
  });

  test('is one thing if another device takes it over, whatever becomes of its tokens', () => {
    const before = { ...node, rebind: allowed };
    const device = { bootId: 'boot-9', registrationKeyHash: 'other', approvalCode: 'WXYZ' };
    const after = issueToken(rebind({ node: before }, device, NOW_MS), { id: 'c', hash: 'c', token: '' }, NOW_MS);
    expect(changesOfReplacement(before, after)).toEqual([{ kind: 'node-rebound', details: { approvalCode: 'WXYZ' } }]);
  });

  test('is a suspicion once two devices use its identity, and the decision about it', () => {
    let before = recordBoot({ node }, 'boot-2', NOW_MS);
    before = recordReturn(before, 'boot-1', 1, NOW_MS);
    const suspected = recordReturn(before, 'boot-1', 2, NOW_MS + MINUTE_MS);
    const bootIds = ['boot-2', 'boot-1'];
    expect(changesOfReplacement(before, suspected)).toEqual([{ kind: 'clone-suspected', details: { bootIds } }]);
    const resolved = keepBoot(suspected, 'boot-1', NOW_MS) ?? suspected;
    expect(changesOfReplacement(suspected, resolved)).toEqual([
      { kind: 'clone-resolved', details: { keptBootId: 'boot-1' } },
    ]);
  });
});

describe('an agent that keeps restarting', () => {
  /** What is told while it restarts at these minutes. */
  const toldAt = (minutes: readonly number[]): number[] => {
    let before = nodeRecord('n');
    return minutes.filter((minute, index) => {
      const after = recordBoot({ node: before }, `boot of ${index}`, NOW_MS + minute * MINUTE_MS);
      const changes = changesOfReplacement(before, after);
      before = after;
      return changes.some(({ kind }) => kind === 'crash-loop');
    });
  };

  test('is told once, with the fifth restart within an hour', () => {
    expect(toldAt([0, 1, 2, 3])).toEqual([]);
    expect(toldAt([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])).toEqual([4]);
    expect(toldAt([0, 20, 40, 60, 80, 100])).toEqual([]);
    expect(toldAt([0, 15, 30, 45, 60, 75, 90])).toEqual([60]);
  });

  test('is told again after it ran for long', () => {
    expect(toldAt([0, 1, 2, 3, 4, 5, 600, 601, 602, 603, 604, 605])).toEqual([4, 604]);
  });

  test('is told with how often it restarted, in how long', () => {
    let before = nodeRecord('n');
    for (const minute of [0, 1, 2, 3]) before = recordBoot({ node: before }, `${minute}`, NOW_MS + minute * MINUTE_MS);
    const after = recordBoot({ node: before }, '4', NOW_MS + 4 * MINUTE_MS);
    const details = { startCount: 5, withinMs: 4 * MINUTE_MS };
    expect(changesOfReplacement(before, after)).toEqual([{ kind: 'crash-loop', details }]);
  });

  test('is told exactly when five restarts lie within an hour that did not with the restart before', () => {
    assert(
      property(array(nat(40), { maxLength: 30 }), (gaps) => {
        const minutes = gaps.map((_, index) => gaps.slice(0, index + 1).reduce((sum, gap) => sum + gap, 0));
        const isLoop = (index: number): boolean =>
          index >= 4 && (minutes[index] ?? 0) - (minutes[index - 4] ?? 0) <= 60;
        const expected = minutes.filter((_, index) => isLoop(index) && !isLoop(index - 1));
        expect(toldAt(minutes)).toEqual(expected);
      }),
    );
  });

  test('is not made up from boots of which nobody noted when they ended, nor from another change', () => {
    const supersededBoots = [1, 2, 3, 4, 5].map((number) => ({
      bootId: `${number}`,
      lastSequence: 1,
      lastSeenAtMs: 1,
    }));
    const before = nodeRecord('n', { bootId: '0', supersededBoots });
    expect(changesOfReplacement(before, recordBoot({ node: before }, 'new', NOW_MS))).toEqual([]);
    expect(changesOfReplacement(before, { ...before, revokedAtMs: 1 })).toEqual([
      { kind: 'node-revoked', details: {} },
    ]);
  });
});

test('a change that is told names no secret, and an unchanged record tells nothing', () => {
  const token = constantFrom(undefined, issued('secret-1'), issued('secret-2'));
  const anyNode = record({ approved: nat(1), revoked: nat(1), current: token, next: token, mode: nat(1) }).map(
    ({ approved, revoked, current, next, mode }) =>
      nodeRecord('n', {
        registrationKeyHash: 'key hash',
        ...(approved && { approvedAtMs: 1 }),
        ...(revoked && { revokedAtMs: 1 }),
        ...(current && { currentToken: current }),
        ...(next && { nextToken: next }),
        ...(mode && { updatesMode: 'gated' as const }),
      }),
  );
  assert(
    property(anyNode, anyNode, (before, after) => {
      expect(changesOfReplacement(before, before)).toEqual([]);
      const told = JSON.stringify(changesOfReplacement(before, after));
      expect(told).not.toContain('hash');
      expect(changesOfReplacement(before, after).some(({ kind }) => kind === 'node-revoked')).toBe(
        before.revokedAtMs === undefined && after.revokedAtMs !== undefined,
      );
    }),
  );
});
