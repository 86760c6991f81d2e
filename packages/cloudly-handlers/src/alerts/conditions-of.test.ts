import { describe, expect, test } from 'vitest';
import type { NodeFacts, NodeState } from '../facts/node-facts.js';
import { nodeAlertKinds } from './alert-kinds.js';
import { conditionsOf, conditionText } from './conditions-of.js';

const healthy: NodeFacts = {
  nodeId: 'n',
  registeredAtMs: 5,
  joinTokenId: 'j',
  approval: 'approved',
  isCloneSuspected: false,
  supervisorState: 'available',
  updateState: 'idle',
  gate: 'closed',
  freeStoragePercent: 50,
  labelText: '',
  searchText: 'n',
};

function kindsOf(changes: Partial<NodeFacts>, state: NodeState = 'online'): string[] {
  return conditionsOf({ facts: { ...healthy, ...changes }, state, quietSinceMs: 7 }).map(({ kind }) => kind);
}

describe('the conditions of a node', () => {
  const cases: [string, Partial<NodeFacts>, NodeState?][] = [
    ['offline', {}, 'offline'],
    ['pending-approval', { approval: 'pending' }, 'pending'],
    ['clone-suspected', { isCloneSuspected: true }],
    ['supervisor-unreachable', { supervisorState: 'unreachable' }],
    ['supervisor-unreachable', { supervisorState: 'failing' }],
    ['supervisor-unauthorized', { supervisorState: 'unauthorized' }],
    ['update-failed', { updateState: 'failed' }],
    ['storage-low', { freeStoragePercent: 5 }],
    ['clock-off', { isClockOff: true }],
    ['crash-loop', { crashLoopAtMs: 9 }],
    ['gate-unavailable', { gate: 'unavailable' }],
  ];
  test.each(cases)('%s comes of %j', (kind, changes, state) => {
    expect(kindsOf(changes, state)).toEqual([kind]);
  });

  test('there is a way to each kind', () => {
    expect(new Set(cases.map(([kind]) => kind))).toEqual(new Set(nodeAlertKinds));
  });

  test('a healthy node has none, nor has one that is late, or whose Supervisor is not configured', () => {
    expect(kindsOf({})).toEqual([]);
    expect(kindsOf({}, 'late')).toEqual([]);
    expect(kindsOf({ supervisorState: 'not-configured', freeStoragePercent: 10 })).toEqual([]);
  });

  test('what nobody can mend is none: of a node that waits for approval, or is revoked', () => {
    expect(kindsOf({ approval: 'pending', isClockOff: true, isCloneSuspected: true }, 'pending')).toEqual([
      'clone-suspected',
      'pending-approval',
    ]);
    expect(kindsOf({ approval: 'revoked', isClockOff: true, isCloneSuspected: true }, 'revoked')).toEqual([]);
  });

  test('a node says since when it is quiet or waits, and until when it counts as in a crash loop', () => {
    const facts = { ...healthy, crashLoopAtMs: 9 };
    expect(conditionsOf({ facts, state: 'offline', quietSinceMs: 7 })).toEqual([
      { kind: 'crash-loop', sinceMs: 9, untilMs: 3_600_009 },
      { kind: 'offline', sinceMs: 7 },
    ]);
  });

  test('the text changes with each further restart', () => {
    const text = (crashLoopAtMs: number) =>
      conditionText(conditionsOf({ facts: { ...healthy, crashLoopAtMs, isClockOff: true }, state: 'online' }));
    expect([text(9), text(10)]).toEqual(['crash-loop@3600009 clock-off', 'crash-loop@3600010 clock-off']);
  });
});
