import { parseApprovalCode } from '@serve.zone/baseos-contracts';
import { isContested, rivalBoots } from '../fleet/clone-suspicion.js';
import type { NodeRecord, UpdatesMode } from '../fleet/node-record.js';
import * as operator from '../operator/operator.js';
import { setUpdatesMode as setMode, updatesModes } from '../operator/set-updates-mode.js';
import { type Call, requireNode, requireRole, requireValue, throwUnknownNode } from './call.js';
import type { ApproveOptions, NodeDecision } from './fleet.js';
import { FleetError } from './fleet-error.js';
import { shownRecord } from './shown-record.js';

export function approve(call: Call, nodeId: string, { approvalCode }: ApproveOptions = {}): Promise<NodeDecision> {
  return decide(call, nodeId, (node, options) => {
    requireNotRevoked(node);
    if (approvalCode !== undefined) requireCode(node, approvalCode);
    return operator.approveNode(call.store, nodeId, options);
  });
}

function requireNotRevoked({ nodeId, revokedAtMs }: NodeRecord): void {
  if (revokedAtMs === undefined) return;
  throw new FleetError('node-revoked', `Node ${nodeId} is revoked`, { remedy: 'Lift its revocation first.' });
}

function requireCode(node: NodeRecord, typed: string): void {
  if (readCode(typed) === node.approvalCode) return;
  const message = `Node ${node.nodeId} has the approval code ${node.approvalCode}, not the one that was typed`;
  const remedy = 'Compare it with the one that your device logs. If they differ, another device waits under this ID.';
  throw new FleetError('approval-code-wrong', message, { remedy });
}

export function revoke(call: Call, nodeId: string): Promise<NodeDecision> {
  return decide(call, nodeId, (node, options) => {
    if (node.approvedAtMs !== undefined) requireRole(call, 'admin', 'revoke a node that was approved');
    return operator.revokeNode(call.store, nodeId, options);
  });
}

export function unrevoke(call: Call, nodeId: string): Promise<NodeDecision> {
  return decide(call, nodeId, () => operator.unrevokeNode(call.store, nodeId));
}

export async function forget({ store }: Call, nodeId: string): Promise<void> {
  if (!(await operator.forgetNode(store, nodeId))) throwUnknownNode(nodeId);
}

export function allowRebind(
  call: Call,
  nodeId: string,
  { approvalCode }: { approvalCode: string },
): Promise<NodeDecision> {
  readCode(approvalCode);
  return decide(call, nodeId, (node, options) => {
    requireNotRevoked(node);
    return operator.allowRebind(call.store, nodeId, { ...options, approvalCode });
  });
}

function readCode(typed: string): string {
  const code = parseApprovalCode(typed);
  if (code !== undefined) return code;
  throw new FleetError('value-invalid', 'That is no approval code', {
    remedy: 'Type the one that the device logs: four groups of four characters.',
  });
}

export function resolveClone(call: Call, nodeId: string, keptBootId: string): Promise<NodeDecision> {
  return decide(call, nodeId, async (node, options) => {
    const rivals = isContested(node) ? rivalBoots(node) : [];
    const kept = rivals.includes(keptBootId)
      ? await operator.resolveClone(call.store, nodeId, keptBootId, options)
      : undefined;
    return kept ?? throwNoRival(nodeId, rivals);
  });
}

function throwNoRival(nodeId: string, candidates: readonly string[]): never {
  const isOver = candidates.length === 0;
  const message = isOver
    ? `Node ${nodeId} is not suspected to be two devices`
    : `That is not a process of node ${nodeId} between which there is to choose`;
  const remedy = isOver ? 'There is nothing to resolve.' : `Choose one of these: ${candidates.join(', ')}.`;
  throw new FleetError('rival-unknown', message, { remedy, candidates });
}

export function rotateToken(call: Call, nodeId: string): Promise<NodeDecision> {
  return decide(call, nodeId, (_node, options) => operator.rotateNodeToken(call.store, nodeId, options));
}

export function voidTokens(call: Call, nodeId: string, tokenId?: string): Promise<NodeDecision> {
  return decide(call, nodeId, () => operator.voidNodeTokens(call.store, nodeId, tokenId));
}

export async function setUpdatesMode(call: Call, nodeId: string, updatesMode: UpdatesMode): Promise<NodeDecision> {
  requireUpdatesMode(updatesMode);
  return decide(call, nodeId, (_node, options) => setMode(call.store, nodeId, updatesMode, options));
}

export function requireUpdatesMode(updatesMode: string): void {
  if (updatesModes.some((mode) => mode === updatesMode)) return;
  requireValue('There is no such mode', `Choose one of these: ${updatesModes.join(', ')}.`);
}

async function decide(
  call: Call,
  nodeId: string,
  change: (node: NodeRecord, options: { now: () => number }) => Promise<NodeRecord | undefined>,
): Promise<NodeDecision> {
  const { node: before } = await requireNode(call, nodeId);
  const after = (await change(before, { now: () => call.nowMs })) ?? throwUnknownNode(nodeId);
  return { record: shownRecord(after, call.caller.role), hasChanged: after.revision !== before.revision };
}
