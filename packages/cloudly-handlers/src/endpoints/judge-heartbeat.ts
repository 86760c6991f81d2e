import {
  bearerOf,
  type HeartbeatRequest,
  parseHeartbeatRequest,
  parseLegacyHeartbeatRequest,
  readToken,
} from '@serve.zone/baseos-contracts';
import type { Answer, Refusal } from '../messages/answer.js';
import { keepNode } from '../fleet/change-node.js';
import { isAcceptedByToken, recordReturn, rivalBoots } from '../fleet/clone-suspicion.js';
import { expectedBy, shownInterval } from '../fleet/connectivity.js';
import { readEither } from './legacy/read-either.js';
import type { StoredNode } from '../fleet/node-store.js';
import type { HandlerContext } from '../context/handler-context.js';
import { sha256Hex } from '../fleet/hash.js';
import { limitFailures, limitHeartbeat } from './limit-attempts.js';
import type { NodeRecord } from '../fleet/node-record.js';
import type { NodeReport } from '../fleet/node-report.js';
import { noteRefused } from './note-refused.js';
import { activateToken, recordBoot, isRotationDue, issueToken } from '../fleet/node-transition.js';
import { judgeUntilKept } from '../context/judge-until-kept.js';
import { judgeLegacyHeartbeat } from './legacy/legacy-heartbeat.js';
import { desiredStateOf, noteProgress, takeResults } from './node-commands.js';
import { readJsonBody } from '../messages/read-json-body.js';
import type { ServedRequest } from '../messages/served-request.js';
import { tokenDetails, unknownToken } from './unknown-token.js';

/** Judges a heartbeat. Without a valid node token, Cloudly does not read the body. */
export async function judgeHeartbeat(
  request: ServedRequest,
  address: string | undefined,
  context: HandlerContext,
): Promise<Answer> {
  const bearer = bearerOf(request.headers);
  if (bearer === undefined) return refuseToken(tokenDetails.missing, address, context);
  const { kind } = readToken('node', bearer);
  // Legacy tokens have no fixed form.
  if (kind !== 'well-formed' && !context.legacyNodes) return refuseToken(tokenDetails[kind], address, context);
  const tokenHash = await sha256Hex(bearer);
  return limitHeartbeat(address, tokenHash, context, () =>
    judgeByToken(request, tokenHash, tokenDetails[kind], context),
  );
}

function refuseToken(detail: string, address: string | undefined, context: HandlerContext): Promise<Answer> {
  return limitFailures(address, context, async () => unknownToken(detail));
}

async function judgeByToken(
  request: ServedRequest,
  tokenHash: string,
  unknownDetail: string,
  context: HandlerContext,
): Promise<Answer> {
  const known = await context.store.findNodeByTokenHash(tokenHash);
  if (!known) {
    context.knownNodeTokens.remove(tokenHash);
    return unknownToken(unknownDetail);
  }
  context.knownNodeTokens.add(tokenHash);

  const claimedNodeId = known.node.nodeId;
  const waitMs = context.nodeRequests.take(claimedNodeId, context.now());
  if (waitMs > 0) return { problem: { code: 'rate-limited' }, retryAfterMs: waitMs, claimedNodeId };
  const body = await readJsonBody(request, context.bodyTimeoutMs);
  if (!body.ok) return { ...body, claimedNodeId };
  const current = body.wasHeld ? await context.store.findNodeByTokenHash(tokenHash) : known;
  if (!current) return unknownToken(unknownDetail);
  const answer = await judgeBody(body.bytes, current, tokenHash, context);
  return 'problem' in answer ? { claimedNodeId, ...answer } : answer;
}

async function judgeBody(
  body: Uint8Array,
  known: StoredNode,
  tokenHash: string,
  context: HandlerContext,
): Promise<Answer> {
  const read = readEither(body, parseHeartbeatRequest, context.legacyNodes && parseLegacyHeartbeatRequest);
  if (!read.parsed.ok) return read.parsed;
  if (read.isLegacy) return judgeLegacyHeartbeat(known, read.parsed.value, tokenHash, context);

  const heartbeat = read.parsed.value;
  let stored: StoredNode | undefined = known;
  return judgeUntilKept(heartbeat.nodeId, async () => {
    const answer = await judgeOnce(stored, heartbeat, tokenHash, context);
    if (!answer) stored = await context.store.findNodeByTokenHash(tokenHash);
    return answer;
  });
}

/** Resolves with nothing if the node was changed between the read and the write. */
async function judgeOnce(
  stored: StoredNode | undefined,
  heartbeat: HeartbeatRequest,
  tokenHash: string,
  context: HandlerContext,
): Promise<Answer | undefined> {
  const refusal = refusalOf(stored, heartbeat);
  if (refusal || !stored) return refusal;
  const { nodeId } = stored.node;
  if (!isAcceptedByToken(stored.node, heartbeat.bootId, tokenHash)) {
    const isNoted = await noteRefused(stored.node, heartbeat.bootId, context);
    return isNoted ? unknownToken('An operator chose another device for this identity.') : undefined;
  }

  const node = await keepNode(context.store, stored.node, hear(stored, heartbeat, tokenHash, context.now()));
  if (!node) return undefined;
  reportChanges(stored.node, node, context);

  const heartbeatIntervalMs = await context.heartbeatIntervalMs();
  const isNewest = isNewerThanStored(heartbeat, node, stored);
  const report = reportOf(heartbeat, stored, heartbeatIntervalMs, context.now());
  // Before the report: one that was kept says that the progress was, too.
  if (isNewest) await noteProgress(heartbeat, stored, context);
  if (isNewest && !(await context.store.saveReport(nodeId, report))) return undefined;
  await takeResults(heartbeat, context);

  const sendFullStatus = isNewest && !heartbeat.status && !isStatusKnown(heartbeat, stored);
  context.emit({ kind: 'heartbeat-received', ...told(heartbeat), stored: isNewest, sendFullStatus });

  const isSuspected = node.cloneSuspectedAtMs !== undefined;
  const forThisOne = isNewest && !isSuspected ? await whatIsFor({ ...stored, node }, tokenHash, context) : undefined;
  const wake = isNewest ? context.waking.offerTo(node) : undefined;
  if (!sendFullStatus && !forThisOne && !isSuspected) return context.plainAnswer({ heartbeatIntervalMs, wake });
  return {
    status: 200,
    body: {
      accepted: true,
      ...(heartbeatIntervalMs !== undefined && { heartbeatIntervalMs }),
      ...(sendFullStatus && { sendFullStatus }),
      ...forThisOne,
      ...(isSuspected && { cloneSuspected: true }),
      ...(wake && { wake }),
    },
  };
}

function refusalOf(stored: StoredNode | undefined, { nodeId }: HeartbeatRequest): Refusal | undefined {
  if (!stored) return unknownToken(tokenDetails['well-formed']);
  if (stored.node.nodeId !== nodeId) return unknownToken('The token belongs to another node.');
  return stored.node.revokedAtMs === undefined ? undefined : { problem: { code: 'node-revoked', nodeId } };
}

/**
 * The changes of the record by the heartbeat; while two devices use the identity of the node, both keep their token.
 */
function hear(
  stored: StoredNode,
  { bootId, sequence }: HeartbeatRequest,
  tokenHash: string,
  nowMs: number,
): NodeRecord {
  const node = recordReturn(recordBoot(stored, bootId, nowMs), bootId, sequence, nowMs);
  return node.cloneSuspectedAtMs === undefined ? activateToken(node, tokenHash) : node;
}

function reportChanges(before: NodeRecord, node: NodeRecord, { emit }: HandlerContext): void {
  const { nodeId, currentToken } = node;
  if (currentToken && currentToken.hash !== before.currentToken?.hash) {
    emit({ kind: 'node-token-activated', nodeId, nodeTokenId: currentToken.id });
  }
  if (before.cloneSuspectedAtMs === undefined && node.cloneSuspectedAtMs !== undefined) {
    emit({ kind: 'clone-suspected', nodeId, bootIds: rivalBoots(node) });
  }
}

function isNewerThanStored({ bootId, sequence }: HeartbeatRequest, node: NodeRecord, stored: StoredNode): boolean {
  if (node.bootId !== bootId) return false;
  const last = stored.lastHeartbeat;
  return last?.bootId !== bootId || last.sequence < sequence;
}

function isStatusKnown({ bootId, statusHash }: HeartbeatRequest, { status }: StoredNode): boolean {
  return status?.bootId === bootId && status.hash === statusHash;
}

/** Only the running process of the node gets commands and a token. */
async function whatIsFor(stored: StoredNode, tokenHash: string, context: HandlerContext) {
  const desiredState = await desiredStateOf(stored, context);
  const nextNodeToken = await rotate(stored.node, tokenHash, context);
  if (!desiredState && nextNodeToken === undefined) return undefined;
  return { ...(desiredState && { desiredState }), ...(nextNodeToken !== undefined && { nextNodeToken }) };
}

/** Issues the next token, unless the node's record was changed in the meantime; then a later heartbeat does. */
async function rotate(
  node: NodeRecord,
  presentedHash: string,
  { store, rotateNodeTokenAfterMs, now, mintNodeToken, emit }: HandlerContext,
): Promise<string | undefined> {
  const nowMs = now();
  if (!isRotationDue(node, presentedHash, nowMs, rotateNodeTokenAfterMs)) return undefined;
  const minted = await mintNodeToken();
  if (!(await store.replaceNode(issueToken(node, minted, nowMs)))) return undefined;
  emit({ kind: 'node-token-issued', nodeId: node.nodeId, nodeTokenId: minted.id });
  return minted.token;
}

function reportOf(
  heartbeat: HeartbeatRequest,
  stored: StoredNode,
  heartbeatIntervalMs: number | undefined,
  receivedAtMs: number,
): NodeReport {
  const { bootId, sequence, statusHash, status, vitals, runningCommand } = heartbeat;
  const intervalMs = heartbeatIntervalMs ?? shownInterval(stored, bootId, receivedAtMs);
  return {
    bootId,
    sequence,
    receivedAtMs,
    expectedByMs: expectedBy(receivedAtMs, intervalMs),
    vitals,
    ...(status && { status, statusHash }),
    ...(runningCommand && { runningCommand }),
  };
}

function told({ nodeId, bootId, sequence, vitals, status }: HeartbeatRequest) {
  return {
    nodeId,
    bootId,
    sequence,
    vitals,
    ...(status && { status }),
  };
}
