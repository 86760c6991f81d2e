import type { NodeDetails } from '@serve.zone/baseos-cloudly-handlers';
import { expect, test } from 'vitest';
import { describeNode } from './describe-node.js';

function describe(state: NodeDetails['state'], facts: object = {}, record: object = {}): string {
  return describeNode({ state, facts, record, lastHeartbeatAtMs: 0 } as NodeDetails, 7_200_000).join(' ');
}

test('a silence says how long it lasts and what to check', () => {
  expect(describe('offline')).toBe('The node is offline: it was not heard for 2 h. Check its power and its network.');
});

test('a release that waits names what it waits for', () => {
  expect(describe('online', { commit: 'a'.repeat(32), stagedCommit: 'b'.repeat(32), updateState: 'held' })).toContain(
    'Release bbbbbbb is downloaded, and waits behind the gate',
  );
});

test('of a node that waits for approval, nothing else is said', () => {
  expect(describe('pending', { commit: 'a', updateState: 'failed' })).toMatch(
    /^The node waits for approval\. [^.]+\.$/,
  );
});
