import { approvalCode, type LegacyRegisterRequest, type RuntimeStatus } from '@serve.zone/baseos-contracts';
import type { Answer } from '../../messages/answer.js';
import { keepNode } from '../../fleet/change-node.js';
import type { HandlerContext } from '../../context/handler-context.js';
import { type JudgedJoinToken, judgeJoinToken } from '../admission/judge-join-token.js';
import type { JoinTokenRecord } from '../../fleet/join-token-record.js';
import type { NodeRecord } from '../../fleet/node-record.js';
import { firstRevision, issuedToken, issueToken } from '../../fleet/node-transition.js';
import { LEGACY_BOOT_ID } from '../../fleet/legacy-boot-id.js';
import type { MintedToken } from '../../fleet/mint-token.js';
import { judgeUntilKept } from '../../context/judge-until-kept.js';
import { tooManyPending } from '../admission/too-many-pending.js';

/**
 * A registration of a legacy node. It has no key to prove its identity, so its join token admits it once; until the
 * node has used its node token, the same join token gets it another one, because the answer may have been lost.
 */
export async function judgeLegacyRegister(
  registration: LegacyRegisterRequest,
  bearer: string | undefined,
  context: HandlerContext,
): Promise<Answer> {
  const { status } = registration;
  const nodeId = registration.nodeId ?? globalThis.crypto.randomUUID();
  const joinToken = bearer ?? registration.joinToken;
  return judgeUntilKept(nodeId, () => judgeOnce(nodeId, joinToken, status, context));
}

async function judgeOnce(
  nodeId: string,
  joinToken: string | undefined,
  status: RuntimeStatus | undefined,
  context: HandlerContext,
): Promise<Answer | undefined> {
  const judged = await judgeJoinToken(joinToken, nodeId, context);
  // Read after the join token: if this node's first request has just used it up, the node exists.
  const known = (await context.store.findNode(nodeId))?.node;
  if (known && isReplay(known, judged)) return readmit(known, status, context);
  if (!judged.ok) return { problem: judged.problem };
  return known ? { problem: { code: 'node-id-taken' } } : admit(nodeId, judged.joinToken, status, context);
}

/**
 * The join token may have been used up by this very node. A join token that admits several nodes proves nothing: anyone who has
 * it could take over every node that has not sent a heartbeat yet.
 */
function isReplay(node: NodeRecord, judged: JudgedJoinToken): boolean {
  return (
    node.registrationKeyHash === undefined &&
    node.bootId === LEGACY_BOOT_ID &&
    node.currentToken === undefined &&
    node.revokedAtMs === undefined &&
    judged.joinToken?.id === node.joinTokenId &&
    judged.joinToken.maxUses === 1 &&
    (judged.ok || judged.problem.code === 'join-token-used')
  );
}

async function readmit(
  known: NodeRecord,
  status: RuntimeStatus | undefined,
  context: HandlerContext,
): Promise<Answer | undefined> {
  const minted = await context.mintNodeToken();
  const isPending = known.approvedAtMs === undefined;
  const next = isPending ? known : issueToken(known, minted, context.now());
  const node = await keepNode(context.store, known, next);
  return node && answer(node, isPending ? undefined : minted, status, false, context);
}

async function admit(
  nodeId: string,
  joinToken: JoinTokenRecord,
  status: RuntimeStatus | undefined,
  context: HandlerContext,
): Promise<Answer | undefined> {
  const minted = await context.mintNodeToken();
  const nowMs = context.now();
  const isPending = joinToken.requiresApproval;
  const node: NodeRecord = {
    nodeId,
    revision: firstRevision(context.randomBytes),
    // The device has no key; an operator can compare only its ID.
    approvalCode: await approvalCode(nodeId),
    joinTokenId: joinToken.id,
    registeredAtMs: nowMs,
    ...(!isPending && { approvedAtMs: nowMs, nextToken: issuedToken(minted, nowMs) }),
    bootId: LEGACY_BOOT_ID,
    supersededBoots: [],
  };
  const outcome = await context.store.createNode(node, nowMs);
  if (outcome === 'too-many-pending') return tooManyPending(context);
  return outcome === 'created' ? answer(node, isPending ? undefined : minted, status, true, context) : undefined;
}

async function answer(
  { nodeId, bootId }: NodeRecord,
  minted: MintedToken | undefined,
  status: RuntimeStatus | undefined,
  created: boolean,
  context: HandlerContext,
): Promise<Answer> {
  if (status) await context.store.saveReport(nodeId, { bootId, sequence: 0, receivedAtMs: context.now(), status });
  const outcome = minted ? 'registered' : 'pending';
  context.emit({ kind: 'legacy-node-heard', nodeId, outcome, ...(status && { status }) });
  if (!minted) {
    const body = { accepted: false, reason: 'pending-approval' } as const;
    return { status: 202, body, retryAfterMs: context.pendingRetryAfterMs };
  }
  const heartbeatIntervalMs = await context.heartbeatIntervalMs();
  const legacyBody = {
    nodeId,
    nodeToken: minted.token,
    ...(heartbeatIntervalMs !== undefined && { heartbeatIntervalMs }),
  };
  return { status: created ? 201 : 200, legacyBody };
}
