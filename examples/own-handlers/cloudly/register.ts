import type { RegisterRequest } from '@serve.zone/baseos-contracts';
import { recordBoot, isAcceptedByKey, noteRefused } from './boots.ts';
import type { Fleet, JoinToken, NodeRecord } from './fleet.ts';
import { judgeJoinToken } from './join-tokens.ts';
import { issueToken, setTokens } from './node-tokens.ts';
import { HEARTBEAT_INTERVAL_MS, PENDING_RETRY_AFTER_MS } from './pace.ts';
import { hashOf } from './token.ts';
import { refuse, type Verdict } from './verdict.ts';

export interface Registration {
  message: RegisterRequest;
  /** Of the message's registration key. */
  approvalCode: string;
  joinToken: string | undefined;
}

/**
 * Judges a well-formed registration in the order of R-1, without a pause between reads and writes, so each of several
 * simultaneous requests sees the result of the previous one. With a database, all of it must be one transaction.
 */
export function judgeRegister(fleet: Fleet, registration: Registration, nowMs: number): Verdict {
  const { message, approvalCode, joinToken } = registration;
  const node = fleet.nodes.get(message.nodeId);
  // The key proves more than any join token, so the join token is not checked.
  if (node?.keyHash === hashOf(message.registrationKey)) return readmit(fleet, node, message, nowMs);

  // Before any answer about the node ID: without a valid join token, a sender does not learn which IDs are taken.
  const judged = judgeJoinToken(fleet, joinToken, nowMs);
  if (!judged.ok) return refuse(judged.code);
  if (!node) return admit(fleet, judged.joinToken, registration, nowMs);
  if (!isRebindOpen(node, approvalCode, nowMs)) return refuse('node-id-taken');
  replaceDevice(fleet, node, registration);
  return acceptNode(fleet, node, 200, nowMs);
}

/** A node that is known, by its key: it lost its tokens, or the answer to its registration. */
function readmit(fleet: Fleet, node: NodeRecord, message: RegisterRequest, nowMs: number): Verdict {
  const { nodeId } = node;
  if (node.isRevoked) return refuse('node-revoked', { nodeId });
  if (!isAcceptedByKey(node, message.bootId)) {
    noteRefused(node, message.bootId);
    return refuse('node-id-taken', { detail: 'An operator chose another device for this identity.' });
  }
  if (node.isCloneSuspected) return refuse('clone-suspected');
  recordBoot(node, message.bootId);
  // A status from a heartbeat of this process is newer, and one of a superseded process is older.
  if (node.bootId === message.bootId && node.lastSequence === 0) node.status = message.status;
  return acceptNode(fleet, node, 200, nowMs);
}

/** A new node. Its record and the use of the join token belong together. */
function admit(fleet: Fleet, joinToken: JoinToken, registration: Registration, nowMs: number): Verdict {
  const { message, approvalCode } = registration;
  const { nodeId, registrationKey, bootId, status } = message;
  joinToken.usesLeft -= 1;
  const node: NodeRecord = {
    nodeId,
    keyHash: hashOf(registrationKey),
    approvalCode,
    isApproved: !joinToken.requiresApproval,
    isRevoked: false,
    rebind: undefined,
    tokens: { current: undefined, next: undefined },
    rotationDemandedAtMs: undefined,
    bootId,
    earlierBoots: [],
    isCloneSuspected: false,
    cloneDecision: undefined,
    lastSequence: 0,
    lastSeenAtMs: nowMs,
    status,
    statusHash: undefined,
    vitals: undefined,
    commands: [],
    updates: undefined,
  };
  fleet.nodes.set(nodeId, node);
  return acceptNode(fleet, node, 201, nowMs);
}

function isRebindOpen({ isRevoked, rebind }: NodeRecord, approvalCode: string, nowMs: number): boolean {
  return !isRevoked && rebind?.approvalCode === approvalCode && nowMs < rebind.untilMs;
}

/** Another device replaces the node's device: from now on only its key counts, and no previous token (O-6). */
function replaceDevice(fleet: Fleet, node: NodeRecord, { message, approvalCode }: Registration): void {
  setTokens(fleet, node, { current: undefined, next: undefined });
  recordBoot(node, message.bootId);
  Object.assign(node, {
    keyHash: hashOf(message.registrationKey),
    approvalCode,
    rebind: undefined,
    isCloneSuspected: false,
    cloneDecision: undefined,
    status: message.status,
  } satisfies Partial<NodeRecord>);
}

function acceptNode(fleet: Fleet, node: NodeRecord, status: 200 | 201, nowMs: number): Verdict {
  if (!node.isApproved) {
    const body = { accepted: false, reason: 'pending-approval' } as const;
    return { status: 202, body, retryAfterMs: PENDING_RETRY_AFTER_MS };
  }
  const nodeToken = issueToken(fleet, node, nowMs);
  const { nodeId } = node;
  return { status, body: { accepted: true, nodeId, nodeToken, heartbeatIntervalMs: HEARTBEAT_INTERVAL_MS } };
}
