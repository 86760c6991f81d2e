import type { RuntimeStatus, Vitals } from '@serve.zone/baseos-contracts';
import type { CommandProgress, CommandRecord } from '../../fleet/command-record.js';
import type { NodeStore } from '../../fleet/node-store.js';
import type { JoinTokenRecord } from '../../fleet/join-token-record.js';
import type { IssuedNodeToken, NodeRecord, SupersededBoot } from '../../fleet/node-record.js';
import type { NodeReport } from '../../fleet/node-report.js';

/** Any instant: the clock of the suite stands still. */
export const NOW_MS = 1_800_000_000_000;

export function joinTokenRecord(id: string, changes: Partial<JoinTokenRecord> = {}): JoinTokenRecord {
  return {
    id,
    hash: `hash of ${id}`,
    createdAtMs: NOW_MS,
    expiresAtMs: NOW_MS + 1000,
    maxUses: 100,
    usedCount: 0,
    requiresApproval: false,
    ...changes,
  };
}

export function nodeRecord(nodeId: string, changes: Partial<NodeRecord> = {}): NodeRecord {
  return {
    nodeId,
    revision: 1,
    registrationKeyHash: `key hash of ${nodeId}`,
    approvalCode: 'ABCD1234',
    joinTokenId: 'join',
    registeredAtMs: NOW_MS,
    bootId: 'boot-1',
    supersededBoots: [],
    ...changes,
  };
}

export function superseded(bootId: string, lastSequence: number): SupersededBoot {
  return {
    bootId,
    lastSequence,
    lastSeenAtMs: NOW_MS + lastSequence,
  };
}

export function issued(name: string): IssuedNodeToken {
  return { id: name, hash: `hash of ${name}`, issuedAtMs: NOW_MS };
}

/** Adds the join token `join`, and a node that it admitted. */
export async function addNode(store: NodeStore, node: NodeRecord): Promise<void> {
  if (!(await store.findJoinToken('join'))) await store.addJoinToken(joinTokenRecord('join'));
  const outcome = await store.createNode(node, NOW_MS);
  if (outcome !== 'created') throw new Error(`createNode: expected created, but got ${outcome}`);
}

export function vitals(changes: Partial<Vitals> = {}): Vitals {
  return {
    agentUptimeMs: 1,
    hostUptimeMs: 2,
    agentRssBytes: 3,
    memoryAvailableBytes: 4,
    failedHeartbeats: 0,
    ...changes,
  };
}

export function heartbeatReport(sequence: number, changes: Partial<NodeReport> = {}): NodeReport {
  return {
    bootId: 'boot-1',
    sequence,
    receivedAtMs: NOW_MS + sequence,
    expectedByMs: NOW_MS + sequence + 120_000,
    vitals: vitals({ agentUptimeMs: sequence }),
    ...changes,
  };
}

export function runtimeStatus(hostname: string): RuntimeStatus {
  return {
    agent: { name: 'baserunner', version: '1.0.0' },
    runtime: { name: 'node', version: '24.0.0' },
    host: { hostname, platform: 'linux', arch: 'arm64', cpuCount: 4, memoryTotalBytes: 1024 },
    device: {},
    supervisor: { state: 'not-configured' },
    acceptedCommands: [],
  };
}

export function commandRecord(id: string, changes: Partial<CommandRecord> = {}): CommandRecord {
  return {
    id,
    kind: 'update',
    queuedAtMs: NOW_MS,
    expiresAtMs: NOW_MS + 60_000,
    ...changes,
  };
}

/** What a heartbeat that arrived at this instant said about a command. */
export function progress(phase: CommandProgress['phase'], reportedAtMs: number): CommandProgress {
  return {
    phase,
    reason: `a 'lock' of "main"`,
    progressPercent: 7,
    phaseBeganAtMs: reportedAtMs - 5,
    reportedAtMs,
  };
}
