import { describe, expect, test } from 'vitest';
import { isInScope, matches, type SelectableNode } from './matches.js';
import { parseScope, parseSelector } from './parse-selector.js';

const DAY_MS = 86_400_000;
const nowMs = 1000 * DAY_MS;

const gate: SelectableNode = {
  facts: {
    nodeId: 'node-1',
    registeredAtMs: nowMs - 10 * DAY_MS,
    joinTokenId: 'token-1',
    approval: 'approved',
    isCloneSuspected: false,
    hostname: 'Gate-7',
    deviceType: 'raspberrypi4-64',
    agentVersion: '0.10.1',
    commit: '0a1b2c3d',
    freeStoragePercent: 15,
    labelText: '\ncanary=\nsite=berlin\n',
    searchText: 'gate-7\nnode-1\nraspberrypi4-64\nberlin',
  },
  labels: { site: 'berlin', canary: '' },
  state: 'offline',
  quietSinceMs: nowMs - 3 * DAY_MS,
  alerts: ['offline'],
};

function isFound(text: string, node: SelectableNode = gate): boolean {
  return matches(parseSelector(text), node, nowMs);
}

describe('a node matches', () => {
  test.each([
    '',
    'state:late,offline',
    'name=gate-7',
    'name~GATE',
    'hostname=Gate-7',
    'hostname~gATE',
    'type!=jetson',
    'agent>0.9',
    'agent>=0.10.1 agent<0.11',
    'commit=0a1b2',
    'commit=ffff,0a1b',
    'staged=',
    'staged!=abc',
    '-staged=abc',
    '-os<6',
    '-os>=6',
    'storage<20',
    'storage>=15',
    'seen>2d',
    'seen<4d',
    'registered>1w',
    'label.site',
    'label.site=paris,berlin',
    'label.canary',
    'label.canary=',
    'label.floor=',
    '-label.floor',
    'label.floor!=1',
    '-label.constructor',
    'gate berlin',
    '"GATE-7"',
    'clone!=suspected',
    'clone=',
  ])('%s', (text) => {
    expect(isFound(text)).toBe(true);
  });

  test.each([
    'state:online',
    'name=gate',
    'hostname=gate-7',
    'agent<0.9',
    'os<6',
    'os>=6',
    'commit=a1b',
    'commit=0a1b2c3d4',
    'commit!=0a1b2',
    'label.site=',
    'label.site=Berlin',
    'label.canary=yes',
    'label.floor',
    'storage<15',
    'seen>4d',
    'seen<2d',
    'registered<1w',
    'gate paris',
    '-gate',
  ])('not %s', (text) => {
    expect(isFound(text)).toBe(false);
  });
});

test('a node that is online is quiet for no time', () => {
  const online: SelectableNode = { facts: gate.facts, labels: {}, state: 'online', alerts: [] };
  expect(isFound('seen<1s', online)).toBe(true);
  expect(isFound('seen>1s', online)).toBe(false);
});

test('how long a node is quiet that was never seen compares with nothing', () => {
  const unseen: SelectableNode = { facts: gate.facts, labels: {}, state: 'never-seen', alerts: [] };
  expect(isFound('seen<999999w', unseen)).toBe(false);
  expect(isFound('seen>1s', unseen)).toBe(false);
  expect(isFound('-seen>1s', unseen)).toBe(true);
});

test('a node is in scope by its labels, and without a scope always', () => {
  const scope = parseScope('label.site=berlin -label.secret');
  expect(isInScope(scope, { site: 'berlin' })).toBe(true);
  expect(isInScope(scope, { site: 'berlin', secret: '' })).toBe(false);
  expect(isInScope(scope, {})).toBe(false);
  expect(isInScope(undefined, {})).toBe(true);
});
