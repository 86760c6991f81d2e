import {
  type HeartbeatAnswer,
  type HeartbeatRequest,
  type JudgedProblem,
  problemDocument,
  type RegisterAccepted,
  type RegisterPending,
  type RegisterRequest,
} from '@serve.zone/baseos-contracts';

/** Messages with only the members that the contract requires. */

export const NODE_ID = 'node-1';
export const REGISTRATION_KEY = 'R'.repeat(43);
const BOOT_ID = '3f0a8f0e-6c0d-4d55-9d5e-0d8f6f1f7c11';
const issuer = { protocol: 1, cloudlyId: 'cloudly-1', serverTime: '2026-11-23T16:00:00Z' } as const;

export const registerRequest: RegisterRequest = {
  protocol: 1,
  nodeId: NODE_ID,
  registrationKey: REGISTRATION_KEY,
  bootId: BOOT_ID,
  status: {
    agent: { name: 'baserunner', version: '1.0.0' },
    runtime: { name: 'node', version: '24.0.0' },
    host: { hostname: 'ä-device', platform: 'linux', arch: 'arm64', cpuCount: 4, memoryTotalBytes: 1_000_000 },
    device: {},
    supervisor: { state: 'not-configured', reason: 'BALENA_SUPERVISOR_ADDRESS is not set' },
    acceptedCommands: [],
  },
};

export const heartbeatRequest: HeartbeatRequest = {
  protocol: 1,
  nodeId: NODE_ID,
  bootId: BOOT_ID,
  sequence: 1,
  statusHash: 'hash-1',
  vitals: {
    agentUptimeMs: 1,
    hostUptimeMs: 1,
    agentRssBytes: 1,
    memoryAvailableBytes: 1,
    failedHeartbeats: 0,
  },
};

export const registerAccepted: RegisterAccepted = {
  ...issuer,
  accepted: true,
  nodeId: NODE_ID,
  nodeToken: 'issued-node-token',
};

export const registerPending: RegisterPending = { ...issuer, accepted: false, reason: 'pending-approval' };

export const heartbeatAnswer: HeartbeatAnswer = { ...issuer, accepted: true };

/** The body of an error answer. */
export function problemBody(judged: JudgedProblem): string {
  return JSON.stringify(problemDocument(judged, issuer));
}

/** A problem that only a newer Cloudly knows. */
export function newerProblemBody(code: string, status: number): string {
  return JSON.stringify({ ...problemDocument({ code: 'unavailable' }, issuer), code, status });
}
