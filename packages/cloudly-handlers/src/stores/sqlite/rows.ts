import type { RunningCommand, RuntimeStatus, Vitals } from '@serve.zone/baseos-contracts';
import type { SQLOutputValue } from 'node:sqlite';
import type { CommandRecord, TakenResult } from '../../fleet/command-record.js';
import type { StoredNode } from '../../fleet/fleet-store.js';
import type { JoinTokenRecord } from '../../fleet/join-token-record.js';
import type { CloneResolution, IssuedNodeToken, NodeRecord, SupersededBoot } from '../../fleet/node-record.js';
import type { StatusHead, StoredHeartbeat, StoredStatus } from '../../fleet/node-report.js';

/** A row as node:sqlite gives it. Its shape follows from the STRICT tables of the schema and the columns asked for. */
export type Row = Record<string, SQLOutputValue>;

/** Columns of a node with the head of its report, for {@link storedNodeOf}. */
export const storedNodeColumns = `
  node.*,
  heartbeat.boot_id AS heartbeat_boot_id, sequence, heartbeat.received_at_ms AS heartbeat_received_at_ms,
  expected_by_ms, vitals, running_command,
  status.boot_id AS status_boot_id, status.received_at_ms AS status_received_at_ms, status.hash AS status_hash,
  (SELECT max(expires_at_ms) FROM command WHERE command.node_id = node.node_id) AS commands_until_ms
  FROM node LEFT JOIN heartbeat USING (node_id) LEFT JOIN status USING (node_id)`;

export function storedNodeOf(row: Row): StoredNode {
  const lastHeartbeat = heartbeatOf(row);
  const status = statusHeadOf(row);
  return {
    node: nodeOf(row),
    ...(lastHeartbeat && { lastHeartbeat }),
    ...(status && { status }),
    ...numberIfSet('commandsUntilMs', row['commands_until_ms']),
  };
}

export function storedStatusOf(row: Row): StoredStatus | undefined {
  const head = statusHeadOf(row);
  return head && { ...head, status: JSON.parse(String(row['status'])) as RuntimeStatus };
}

export function joinTokenOf(row: Row): JoinTokenRecord {
  return {
    id: String(row['id']),
    hash: String(row['hash']),
    createdAtMs: Number(row['created_at_ms']),
    expiresAtMs: Number(row['expires_at_ms']),
    maxUses: Number(row['max_uses']),
    usedCount: Number(row['used_count']),
    requiresApproval: row['requires_approval'] === 1,
    ...numberIfSet('maxPending', row['max_pending']),
    ...numberIfSet('revokedAtMs', row['revoked_at_ms']),
    ...textIfSet('revokedReason', row['revoked_reason']),
  };
}

export function joinTokenParameters(joinToken: JoinTokenRecord) {
  return {
    id: joinToken.id,
    hash: joinToken.hash,
    created_at_ms: joinToken.createdAtMs,
    expires_at_ms: joinToken.expiresAtMs,
    max_uses: joinToken.maxUses,
    used_count: joinToken.usedCount,
    requires_approval: Number(joinToken.requiresApproval),
    max_pending: joinToken.maxPending ?? null,
    revoked_at_ms: joinToken.revokedAtMs ?? null,
    revoked_reason: joinToken.revokedReason ?? null,
  };
}

export function nodeParameters(node: NodeRecord) {
  return {
    node_id: node.nodeId,
    revision: node.revision,
    registration_key_hash: node.registrationKeyHash ?? '',
    approval_code: node.approvalCode,
    join_token_id: node.joinTokenId,
    registered_at_ms: node.registeredAtMs,
    approved_at_ms: node.approvedAtMs ?? null,
    revoked_at_ms: node.revokedAtMs ?? null,
    rebind_until_ms: node.rebind?.untilMs ?? null,
    rebind_approval_code: node.rebind?.approvalCode ?? null,
    current_token_id: node.currentToken?.id ?? null,
    current_token_hash: node.currentToken?.hash ?? null,
    current_token_issued_at_ms: node.currentToken?.issuedAtMs ?? null,
    next_token_id: node.nextToken?.id ?? null,
    next_token_hash: node.nextToken?.hash ?? null,
    next_token_issued_at_ms: node.nextToken?.issuedAtMs ?? null,
    rotation_demanded_at_ms: node.rotationDemandedAtMs ?? null,
    boot_id: node.bootId,
    superseded_boots: JSON.stringify(node.supersededBoots),
    clone_suspected_at_ms: node.cloneSuspectedAtMs ?? null,
    clone_resolution: node.cloneResolution ? JSON.stringify(node.cloneResolution) : null,
  };
}

function nodeOf(row: Row): NodeRecord {
  const currentToken = tokenOf(row, 'current');
  const nextToken = tokenOf(row, 'next');
  return {
    nodeId: String(row['node_id']),
    revision: Number(row['revision']),
    ...textIfSet('registrationKeyHash', row['registration_key_hash']),
    approvalCode: String(row['approval_code']),
    joinTokenId: String(row['join_token_id']),
    registeredAtMs: Number(row['registered_at_ms']),
    ...numberIfSet('approvedAtMs', row['approved_at_ms']),
    ...numberIfSet('revokedAtMs', row['revoked_at_ms']),
    ...rebindIfSet(row),
    ...(currentToken && { currentToken }),
    ...(nextToken && { nextToken }),
    ...numberIfSet('rotationDemandedAtMs', row['rotation_demanded_at_ms']),
    bootId: String(row['boot_id']),
    supersededBoots: JSON.parse(String(row['superseded_boots'])) as SupersededBoot[],
    ...numberIfSet('cloneSuspectedAtMs', row['clone_suspected_at_ms']),
    ...cloneResolutionIfSet(row['clone_resolution']),
  };
}

/** Older schemas let any device take the node over: what they kept counts no more. */
function rebindIfSet(row: Row): Pick<NodeRecord, 'rebind'> {
  const [approvalCode, untilMs] = [row['rebind_approval_code'], row['rebind_until_ms']];
  return typeof approvalCode === 'string' ? { rebind: { approvalCode, untilMs: Number(untilMs) } } : {};
}

function cloneResolutionIfSet(value: SQLOutputValue | undefined): Pick<NodeRecord, 'cloneResolution'> {
  return typeof value === 'string' ? { cloneResolution: JSON.parse(value) as CloneResolution } : {};
}

function tokenOf(row: Row, slot: 'current' | 'next'): IssuedNodeToken | undefined {
  const id = row[`${slot}_token_id`];
  if (typeof id !== 'string') return undefined;
  return { id, hash: String(row[`${slot}_token_hash`]), issuedAtMs: Number(row[`${slot}_token_issued_at_ms`]) };
}

function heartbeatOf(row: Row): StoredHeartbeat | undefined {
  const bootId = row['heartbeat_boot_id'];
  if (typeof bootId !== 'string') return undefined;
  const runningCommand = row['running_command'];
  return {
    bootId,
    sequence: Number(row['sequence']),
    receivedAtMs: Number(row['heartbeat_received_at_ms']),
    expectedByMs: Number(row['expected_by_ms']),
    ...vitalsIfSet(row['vitals']),
    ...(typeof runningCommand === 'string' && { runningCommand: JSON.parse(runningCommand) as RunningCommand }),
  };
}

function statusHeadOf(row: Row): StatusHead | undefined {
  const bootId = row['status_boot_id'];
  if (typeof bootId !== 'string') return undefined;
  const hash = row['status_hash'];
  return { bootId, receivedAtMs: Number(row['status_received_at_ms']), ...(typeof hash === 'string' && { hash }) };
}

export function commandOf(row: Row): CommandRecord {
  const result = row['result'];
  return {
    id: String(row['id']),
    kind: String(row['kind']),
    ...(row['force'] !== null && { force: row['force'] === 1 }),
    ...numberIfSet('appId', row['app_id']),
    ...textIfSet('service', row['service']),
    queuedAtMs: Number(row['queued_at_ms']),
    expiresAtMs: Number(row['expires_at_ms']),
    ...numberIfSet('listedAtMs', row['listed_at_ms']),
    ...numberIfSet('cancelledAtMs', row['cancelled_at_ms']),
    ...(typeof result === 'string' && { result: JSON.parse(result) as TakenResult }),
  };
}

export function commandParameters(nodeId: string, command: CommandRecord) {
  return {
    node_id: nodeId,
    id: command.id,
    kind: command.kind,
    force: command.force === undefined ? null : Number(command.force),
    app_id: command.appId ?? null,
    service: command.service ?? null,
    queued_at_ms: command.queuedAtMs,
    expires_at_ms: command.expiresAtMs,
    listed_at_ms: command.listedAtMs ?? null,
    cancelled_at_ms: command.cancelledAtMs ?? null,
    result: command.result ? JSON.stringify(command.result) : null,
  };
}

/** A column that holds vitals, or null as JSON writes it where there were none. */
export function vitalsIfSet(value: SQLOutputValue | undefined): { vitals?: Vitals } {
  const vitals = JSON.parse(String(value)) as Vitals | null;
  return vitals ? { vitals } : {};
}

/** An empty text counts as none. */
function textIfSet<Key extends string>(key: Key, value: SQLOutputValue | undefined) {
  return (typeof value === 'string' && value !== '' ? { [key]: value } : {}) as { [K in Key]?: string };
}

function numberIfSet<Key extends string>(key: Key, value: SQLOutputValue | undefined) {
  return (typeof value === 'number' ? { [key]: value } : {}) as { [K in Key]?: number };
}
