import { describe, expect, test } from 'vitest';
import type { NodeFacts } from '../facts/node-facts.js';
import { changesOfFacts } from './fact-changes.js';

const facts: NodeFacts = {
  nodeId: 'n',
  registeredAtMs: 1,
  joinTokenId: 'j',
  approval: 'approved',
  isCloneSuspected: false,
  labelText: '',
  searchText: 'n',
};

function tell(before: Partial<NodeFacts>, after: Partial<NodeFacts>) {
  return changesOfFacts({ ...facts, ...before }, { ...facts, ...after });
}

describe('what is told of facts that have changed', () => {
  test('is what the device runs now, and before', () => {
    const before = { agentVersion: '1.0.0', osVersion: '6.0', commit: 'abc', supervisorState: 'available' } as const;
    const after = { agentVersion: '1.1.0', osVersion: '6.1', commit: 'def', supervisorState: 'unreachable' } as const;
    expect(tell(before, after)).toEqual([
      { kind: 'agent-changed', details: { from: '1.0.0', to: '1.1.0' } },
      { kind: 'os-changed', details: { from: '6.0', to: '6.1' } },
      { kind: 'release-changed', details: { from: 'abc', to: 'def' } },
      { kind: 'supervisor-changed', details: { from: 'available', to: 'unreachable' } },
    ]);
    expect(tell(before, before)).toEqual([]);
  });

  test('is nothing if it is reported for the first time, or no longer', () => {
    const reported = { agentVersion: '1.0.0', osVersion: '6.0', commit: 'abc', supervisorState: 'available' } as const;
    expect(tell({}, { ...reported, updateState: 'idle', freeStoragePercent: 50 })).toEqual([]);
    expect(tell(reported, {})).toEqual([]);
  });

  test('is an update that failed, once, and not that it was held', () => {
    const failed = { kind: 'update-failed', details: {} };
    for (const updateState of [undefined, 'idle', 'downloading', 'installing'] as const) {
      expect(tell(updateState ? { updateState } : {}, { updateState: 'failed' })).toEqual([failed]);
    }
    expect(tell({ updateState: 'failed' }, { updateState: 'failed' })).toEqual([]);
    expect(tell({ updateState: 'held' }, { updateState: 'failed' })).toEqual([]);
    expect(tell({}, { updateState: 'failed', stagedCommit: 'abc' })).toEqual([
      { ...failed, details: { commit: 'abc' } },
    ]);
  });

  test('is storage that is nearly used up, and no longer so', () => {
    const told = (before: number | undefined, freeStoragePercent: number) =>
      tell(before === undefined ? {} : { freeStoragePercent: before }, { freeStoragePercent });
    expect(told(10, 5)).toEqual([{ kind: 'storage-low', details: { freePercent: 5 } }]);
    expect(told(undefined, 0)).toEqual([{ kind: 'storage-low', details: { freePercent: 0 } }]);
    expect(told(5, 0)).toEqual([]);
    expect(told(5, 15)).toEqual([{ kind: 'storage-recovered', details: { freePercent: 15 } }]);
    expect(told(15, 10)).toEqual([]);
    expect(told(undefined, 10)).toEqual([]);
  });
});
