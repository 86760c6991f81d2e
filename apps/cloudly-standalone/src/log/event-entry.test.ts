import type { HandlerEvent } from '@serve.zone/baseos-cloudly-handlers';
import registerExample from '@serve.zone/baseos-contracts/examples/register-request.json' with { type: 'json' };
import type { RuntimeStatus } from '@serve.zone/baseos-contracts';
import { expect, test } from 'vitest';
import { eventEntry } from './event-entry.js';

const status = registerExample.status as RuntimeStatus;
const vitals = { agentUptimeMs: 1, hostUptimeMs: 1, agentRssBytes: 1, memoryAvailableBytes: 1, failedHeartbeats: 0 };
const common = { atMs: 0, nodeId: 'till-7', bootId: 'boot' };
const failed = {
  outcome: 'failed',
  receivedAtMs: 1,
  error: { code: 'locked', message: 'no' },
  details: { a: 1 },
} as const;
const command = { id: 'c1', kind: 'update', queuedAtMs: 0, expiresAtMs: 1, result: failed } as const;

const cases: [HandlerEvent, level: string, fields: object][] = [
  [
    { ...common, kind: 'node-registered', created: true, joinTokenId: 'j1', nodeTokenId: 'n1', status },
    'info',
    { nodeId: 'till-7', bootId: 'boot', created: true, joinTokenId: 'j1', nodeTokenId: 'n1' },
  ],
  [
    { ...common, kind: 'node-pending', created: false, joinTokenId: 'j1', approvalCode: 'ABCD1234', status },
    'info',
    { nodeId: 'till-7', bootId: 'boot', created: false, joinTokenId: 'j1', approvalCode: 'ABCD1234' },
  ],
  [
    { ...common, kind: 'heartbeat-received', sequence: 3, vitals, status, stored: true, sendFullStatus: false },
    'debug',
    { nodeId: 'till-7', bootId: 'boot', sequence: 3, stored: true, sendFullStatus: false },
  ],
  [{ ...common, kind: 'node-token-issued', nodeTokenId: 'n2' }, 'info', { nodeId: 'till-7', nodeTokenId: 'n2' }],
  [{ ...common, kind: 'node-token-activated', nodeTokenId: 'n2' }, 'info', { nodeId: 'till-7', nodeTokenId: 'n2' }],
  [
    { ...common, kind: 'node-rebound', approvalCode: 'ABCD1234' },
    'info',
    { nodeId: 'till-7', approvalCode: 'ABCD1234' },
  ],
  [{ ...common, kind: 'clone-suspected', bootIds: ['b1', 'b2'] }, 'warn', { nodeId: 'till-7', bootIds: ['b1', 'b2'] }],
  [
    { ...common, kind: 'command-finished', command, stateBefore: 'running' },
    'info',
    {
      nodeId: 'till-7',
      commandId: 'c1',
      command: 'update',
      outcome: 'failed',
      errorCode: 'locked',
      stateBefore: 'running',
    },
  ],
  [{ ...common, kind: 'command-listed', command }, 'info', { nodeId: 'till-7', commandId: 'c1', command: 'update' }],
  [
    {
      ...common,
      kind: 'command-phase-changed',
      command: { ...command, running: { phase: 'installing', reason: 'r', phaseBeganAtMs: 0, reportedAtMs: 0 } },
      phaseBefore: 'postponed',
    },
    'info',
    { nodeId: 'till-7', commandId: 'c1', command: 'update', phase: 'installing', phaseBefore: 'postponed' },
  ],
  [
    { ...common, kind: 'command-ended', command, state: 'unknown' },
    'warn',
    { nodeId: 'till-7', commandId: 'c1', command: 'update', state: 'unknown' },
  ],
  [
    { ...common, kind: 'command-ended', command, state: 'expired' },
    'info',
    { nodeId: 'till-7', commandId: 'c1', command: 'update', state: 'expired' },
  ],
  [{ ...common, kind: 'legacy-node-heard', outcome: 'heartbeat' }, 'debug', { nodeId: 'till-7', outcome: 'heartbeat' }],
  [{ ...common, kind: 'wait-ended', end: 'gone' }, 'debug', { nodeId: 'till-7', end: 'gone' }],
  [{ ...common, kind: 'legacy-node-heard', outcome: 'pending' }, 'info', { nodeId: 'till-7', outcome: 'pending' }],
  [
    { ...common, kind: 'request-refused', endpoint: 'register', code: 'join-token-used', status: 401 },
    'warn',
    { nodeId: 'till-7', endpoint: 'register', code: 'join-token-used', status: 401 },
  ],
  [{ atMs: 0, kind: 'request-refused', code: 'not-found', status: 404 }, 'debug', { code: 'not-found', status: 404 }],
];

test.each(cases)('%o has its level, these fields and no others', (event, level, fields) => {
  const entry = eventEntry(event);
  expect(entry).toMatchObject({ level, event: event.kind, message: expect.stringContaining('') });
  expect(JSON.parse(JSON.stringify(entry.fields))).toEqual(fields);
});
