import type { HandlerEvent, NodeRegistered } from '@serve.zone/baseos-cloudly-standalone';
import { expect, test } from 'vitest';
import { describeCloudlyEvent } from './describe-cloudly-event.js';

const device = {
  ipAddresses: [],
  macAddresses: [],
  updatePending: false,
  updateFailed: false,
  updateDownloaded: false,
};
const apps = [{ appId: 7, name: 'till', commit: '414e65cd378a69a96f403b75f14b40b5', services: [] }];
const supervisor = { state: 'available', version: '19.0.5', device, apps } as const;
const status: NodeRegistered['status'] = {
  agent: { name: 'baserunner', version: '1.2.3' },
  runtime: { name: 'node', version: '24.0.0' },
  host: { hostname: 'shop-7', platform: 'linux', arch: 'arm64', cpuCount: 4, memoryTotalBytes: 1 },
  device: {},
  supervisor,
  acceptedCommands: [],
};
const vitals = {
  agentUptimeMs: 4321,
  hostUptimeMs: 1,
  agentRssBytes: 51_400_000,
  memoryAvailableBytes: 1,
  failedHeartbeats: 0,
};
const common = { atMs: 0, nodeId: 'n-1', bootId: 'b-1' };
const registration = { ...common, kind: 'node-registered', joinTokenId: 'j-1', nodeTokenId: 't-1', status } as const;
const heartbeat = {
  ...common,
  kind: 'heartbeat-received',
  sequence: 2,
  vitals,
  stored: true,
  sendFullStatus: false,
} as const;

const cases: [string, HandlerEvent, string[]][] = [
  [
    'an enrolment: who arrived, what was stored, what was answered',
    { ...registration, created: true },
    [
      'baserunner 1.2.3 on shop-7, its Supervisor runs app till at release 414e65c',
      'Stored it as node n-1 and used up join token j-1',
      'node token t-1. Only its hash is stored here',
    ],
  ],
  ['a registration of a known node', { ...registration, created: false }, ['it is the same node, n-1']],
  [
    'a heartbeat without a status',
    heartbeat,
    ['Heartbeat 2 of the node: up for 4 s, 51 MB of memory, status unchanged. Stored and acknowledged it.'],
  ],
  [
    'a heartbeat with a status',
    { ...heartbeat, status: { ...status, supervisor: { state: 'unreachable' } } },
    ['with its status: baserunner 1.2.3 on shop-7, Supervisor unreachable.'],
  ],
  [
    'a heartbeat during an update',
    {
      ...heartbeat,
      status: { ...status, supervisor: { ...supervisor, device: { ...device, updatePending: true } } },
    },
    ['runs app till at release 414e65c, with an update under way.'],
  ],
  ['a late heartbeat', { ...heartbeat, stored: false }, ['a newer one is already stored']],
  [
    'a refusal, with what to do',
    { atMs: 0, kind: 'request-refused', endpoint: 'register', code: 'join-token-used', status: 401 },
    ['A register request was rejected with 401 join-token-used: The join token has been used up. Create a new join'],
  ],
  [
    'a pending approval',
    { ...common, kind: 'node-pending', created: true, joinTokenId: 'j-1', approvalCode: 'ABCD1234', status },
    ['ABCD1234'],
  ],
];

test.each(cases)('describes %s', (_what, event, sentences) => {
  for (const sentence of sentences) expect(describeCloudlyEvent(event)).toContain(sentence);
});
