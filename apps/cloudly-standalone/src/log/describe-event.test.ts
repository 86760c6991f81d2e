import type { HandlerEvent } from '@serve.zone/baseos-cloudly-handlers';
import type { RuntimeStatus } from '@serve.zone/baseos-contracts';
import { expect, test } from 'vitest';
import { describeEvent } from './describe-event.js';

const status: RuntimeStatus = {
  agent: { name: 'baserunner', version: '1.2.3' },
  runtime: { name: 'node', version: '24.0.0' },
  host: { hostname: 'shop-7', platform: 'linux', arch: 'arm64', cpuCount: 4, memoryTotalBytes: 1 },
  device: {},
  supervisor: { state: 'unreachable', reason: 'ECONNREFUSED' },
  acceptedCommands: [],
};
const vitals = { agentUptimeMs: 1, hostUptimeMs: 1, agentRssBytes: 1, memoryAvailableBytes: 1, failedHeartbeats: 0 };
const common = { atMs: 0, nodeId: 'till-7', bootId: 'boot' };

const command = { id: 'c1', kind: 'update', queuedAtMs: 0, expiresAtMs: 1 } as const;
const instants = { phaseBeganAtMs: 0, reportedAtMs: 0 };
const done = { outcome: 'succeeded', receivedAtMs: 1 } as const;
const failed = {
  outcome: 'failed',
  receivedAtMs: 1,
  error: { code: 'locked', message: 'A service holds a lock' },
} as const;

const events: [HandlerEvent, string][] = [
  [
    { ...common, kind: 'node-registered', created: true, joinTokenId: 'j1', nodeTokenId: 'n1', status },
    'Node till-7 enrolled (baserunner 1.2.3 on shop-7, Supervisor unreachable) with join token j1',
  ],
  [
    { ...common, kind: 'node-registered', created: false, joinTokenId: 'j1', nodeTokenId: 'n2', status },
    'Node till-7 registered again, and its registration key proved that it is the same node',
  ],
  [
    { ...common, kind: 'node-pending', created: true, joinTokenId: 'j1', approvalCode: 'ABCD1234', status },
    'Node till-7 (baserunner 1.2.3 on shop-7, Supervisor unreachable) waits for approval. Its approval code is ABCD1234',
  ],
  [
    { ...common, kind: 'heartbeat-received', sequence: 3, vitals, status, stored: true, sendFullStatus: false },
    'Heartbeat 3 of node till-7, with its status (baserunner 1.2.3 on shop-7, Supervisor unreachable)',
  ],
  [
    { ...common, kind: 'heartbeat-received', sequence: 4, vitals, stored: false, sendFullStatus: false },
    'Heartbeat 4 of node till-7, status unchanged; it came too late and is not stored',
  ],
  [{ ...common, kind: 'node-token-issued', nodeTokenId: 'n2' }, 'Node till-7 gets a new node token, n2'],
  [{ ...common, kind: 'node-token-activated', nodeTokenId: 'n2' }, 'Node till-7 now uses node token n2'],
  [
    { ...common, kind: 'node-rebound', approvalCode: 'ABCD1234' },
    'Node till-7 is now the device with the approval code ABCD1234',
  ],
  [
    { ...common, kind: 'clone-suspected', bootIds: ['b1', 'b2'] },
    'Two devices use the identity of node till-7: the processes b1, b2. Choose with `node resolve` which one stays',
  ],
  [{ ...common, kind: 'command-listed', command }, 'Sent the command c1 (update) to node till-7'],
  [
    {
      ...common,
      kind: 'command-phase-changed',
      command: { ...command, running: { phase: 'waiting-for-lock', reason: 'main holds a lock', ...instants } },
    },
    'Node till-7 waits to begin the command c1 (update): waiting-for-lock (main holds a lock)',
  ],
  [
    {
      ...common,
      kind: 'command-phase-changed',
      command: { ...command, running: { phase: 'installing', ...instants } },
      phaseBefore: 'waiting-for-lock',
    },
    'Node till-7 carries out the command c1 (update): installing',
  ],
  [
    { ...common, kind: 'command-finished', command: { ...command, result: failed }, stateBefore: 'running' },
    'Node till-7 finished the command c1 (update): failed (locked: A service holds a lock)',
  ],
  [
    { ...common, kind: 'command-finished', command: { ...command, result: done }, stateBefore: 'unknown' },
    'Node till-7 finished the command c1 (update): succeeded. Until now it was unknown',
  ],
  [
    { ...common, kind: 'command-ended', command, state: 'unknown' },
    'Node till-7 has reported no result for the command c1 (update) in time: its outcome is unknown.',
  ],
  [
    { ...common, kind: 'command-ended', command, state: 'expired' },
    'Node till-7 sent no heartbeat to receive the command c1 (update) in time: it has expired',
  ],
  [{ ...common, kind: 'legacy-node-heard', outcome: 'heartbeat' }, 'Legacy node till-7: heartbeat'],
  [{ ...common, kind: 'wait-ended', end: 'woken' }, 'Node till-7 was woken'],
  [{ ...common, kind: 'wait-ended', end: 'time-over' }, 'Node till-7 waited, and there was nothing to tell it'],
  [{ ...common, kind: 'wait-ended', end: 'gone' }, 'Node till-7 no longer waits: its connection is closed'],
  [
    { ...common, kind: 'request-refused', endpoint: 'register', code: 'join-token-used', status: 401 },
    'A register request of node till-7 was rejected with 401 join-token-used: The join token has been used up. Create a n',
  ],
  [{ atMs: 0, kind: 'request-refused', code: 'not-found', status: 404 }, 'A request was rejected with 404 not-found:'],
];

test.each(events)('%o is described in a sentence', (event, sentence) => {
  expect(describeEvent(event).slice(0, sentence.length)).toBe(sentence);
});

test('text from a node can neither break the line nor reach the terminal', () => {
  const host = { ...status.host, hostname: 'shop\n\u001b[2J\u202e' };
  const sentence = describeEvent({
    ...common,
    kind: 'node-registered',
    created: true,
    joinTokenId: 'j1',
    nodeTokenId: 'n1',
    status: { ...status, host },
  });
  expect(sentence).toContain(String.raw`on shop\n\u001b[2J\u202e,`);
});
