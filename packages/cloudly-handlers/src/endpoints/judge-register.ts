import {
  approvalCode,
  bearerOf,
  parseLegacyRegisterRequest,
  parseRegisterRequest,
  readToken,
  type RegisterRequest,
} from '@serve.zone/baseos-contracts';
import type { Answer } from '../messages/answer.js';
import { keepNode } from '../fleet/change-node.js';
import { isAcceptedByKey } from '../fleet/clone-suspicion.js';
import { readEither } from './legacy/read-either.js';
import { noteRefused } from './note-refused.js';
import type { StoredNode } from '../fleet/node-store.js';
import type { HandlerContext } from '../context/handler-context.js';
import { isSameHash, sha256Hex } from '../fleet/hash.js';
import { judgeJoinToken } from './admission/judge-join-token.js';
import type { JoinTokenRecord } from '../fleet/join-token-record.js';
import type { NodeRecord } from '../fleet/node-record.js';
import type { NodeReport } from '../fleet/node-report.js';
import {
  recordBoot,
  firstRevision,
  isRebindAllowed,
  issuedToken,
  issueToken,
  rebind,
} from '../fleet/node-transition.js';
import { judgeUntilKept } from '../context/judge-until-kept.js';
import { judgeLegacyRegister } from './legacy/legacy-register.js';
import { limitRegistration } from './limit-attempts.js';
import { readJsonBody } from '../messages/read-json-body.js';
import type { ServedRequest } from '../messages/served-request.js';
import { tooManyPending } from './admission/too-many-pending.js';

/** Judges a registration, in the order of the contract. */
export async function judgeRegister(
  request: ServedRequest,
  address: string | undefined,
  context: HandlerContext,
): Promise<Answer> {
  const bearer = bearerOf(request.headers);
  const isWellFormed = bearer !== undefined && readToken('join', bearer).kind === 'well-formed';
  // A join token of another issuer may have any form.
  const tokenHash =
    isWellFormed || (bearer !== undefined && context.verifyJoinToken) ? await sha256Hex(bearer) : undefined;
  return limitRegistration(address, tokenHash, context, () => judgeRequest(request, bearer, context));
}

async function judgeRequest(
  request: ServedRequest,
  bearer: string | undefined,
  context: HandlerContext,
): Promise<Answer> {
  const body = await readJsonBody(request, context.bodyTimeoutMs);
  if (!body.ok) return body;
  const read = readEither(body.bytes, parseRegisterRequest, context.legacyNodes && parseLegacyRegisterRequest);
  if (!read.parsed.ok) return read.parsed;
  if (read.isLegacy) return judgeLegacyRegister(read.parsed.value, bearer, context);

  const registration = read.parsed.value;
  const keyHash = await sha256Hex(registration.registrationKey);
  return judgeUntilKept(registration.nodeId, () => judgeOnce(bearer, registration, keyHash, context));
}

/** Resolves with nothing if the node was changed between the read and the write. */
async function judgeOnce(
  bearer: string | undefined,
  registration: RegisterRequest,
  keyHash: string,
  context: HandlerContext,
): Promise<Answer | undefined> {
  const known = await context.store.findNode(registration.nodeId);
  if (known && isSameHash(known.node.registrationKeyHash ?? '', keyHash)) return readmit(known, registration, context);

  const judged = await judgeJoinToken(bearer, registration.nodeId, context);
  if (!judged.ok) {
    // The use may be this node's own: another request of it may have been admitted between the two reads.
    const isTurnedAway = known !== undefined || judged.problem.code !== 'join-token-used';
    const isLetIn = !isTurnedAway && (await context.store.findNode(registration.nodeId)) !== undefined;
    return isLetIn ? undefined : { problem: judged.problem };
  }
  if (!known) return admit(judged.joinToken, registration, keyHash, context);
  const code = await approvalCode(registration.registrationKey);
  if (!isRebindAllowed(known.node, code, context.now())) {
    return { problem: { code: 'node-id-taken' }, claimedApprovalCode: code };
  }
  return replaceDevice(known, registration, { registrationKeyHash: keyHash, approvalCode: code }, context);
}

/** A node that Cloudly knows, by its key: it lost its tokens, or the answer to its registration. */
async function readmit(
  stored: StoredNode,
  registration: RegisterRequest,
  context: HandlerContext,
): Promise<Answer | undefined> {
  const { node } = stored;
  const { nodeId } = node;
  if (node.revokedAtMs !== undefined) return { problem: { code: 'node-revoked', nodeId } };
  if (!isAcceptedByKey(node, registration.bootId)) {
    const isNoted = await noteRefused(node, registration.bootId, context);
    return isNoted ? { problem: { code: 'node-id-taken', detail: excludedDetail } } : undefined;
  }
  if (node.cloneSuspectedAtMs !== undefined) return { problem: { code: 'clone-suspected' } };
  const waitMs = context.nodeRequests.take(nodeId, context.now());
  if (waitMs > 0) return { problem: { code: 'rate-limited' }, retryAfterMs: waitMs };
  return acceptNode(node, recordBoot(stored, registration.bootId, context.now()), registration, context);
}

const excludedDetail =
  'Two devices used this identity, and an operator chose the other one. Reset the identity of this device so that it ' +
  'registers as a new node.';

/** Another device replaces the node's device, as an operator has allowed. */
async function replaceDevice(
  stored: StoredNode,
  registration: RegisterRequest,
  key: { registrationKeyHash: string; approvalCode: string },
  context: HandlerContext,
): Promise<Answer | undefined> {
  const { nodeId, bootId } = registration;
  const entered = rebind(stored, { bootId, ...key }, context.now());
  const answer = await acceptNode(stored.node, entered, registration, context);
  if (answer) context.emit({ kind: 'node-rebound', nodeId, approvalCode: key.approvalCode });
  return answer;
}

/** A known node, with a fresh token if it is approved. Resolves with nothing if `known` was changed in the meantime. */
async function acceptNode(
  known: NodeRecord,
  entered: NodeRecord,
  registration: RegisterRequest,
  context: HandlerContext,
): Promise<Answer | undefined> {
  if (entered.approvedAtMs === undefined) {
    const node = await keepNode(context.store, known, entered);
    return node && pending(node, registration, false, context);
  }
  const nodeToken = await context.mintNodeToken();
  const node = await keepNode(context.store, known, issueToken(entered, nodeToken, context.now()));
  return node && accepted(node, registration, nodeToken, false, context);
}

/** A new node, by its join token. */
async function admit(
  joinToken: JoinTokenRecord,
  registration: RegisterRequest,
  keyHash: string,
  context: HandlerContext,
): Promise<Answer | undefined> {
  const nodeToken = await context.mintNodeToken();
  const nowMs = context.now();
  const node: NodeRecord = {
    nodeId: registration.nodeId,
    revision: firstRevision(context.randomBytes),
    registrationKeyHash: keyHash,
    approvalCode: await approvalCode(registration.registrationKey),
    joinTokenId: joinToken.id,
    registeredAtMs: nowMs,
    ...(!joinToken.requiresApproval && { approvedAtMs: nowMs, nextToken: issuedToken(nodeToken, nowMs) }),
    bootId: registration.bootId,
    supersededBoots: [],
  };
  const outcome = await context.store.createNode(node, nowMs);
  if (outcome === 'too-many-pending') return tooManyPending(context);
  if (outcome !== 'created') return undefined;
  return joinToken.requiresApproval
    ? pending(node, registration, true, context)
    : accepted(node, registration, nodeToken, true, context);
}

async function accepted(
  node: NodeRecord,
  registration: RegisterRequest,
  nodeToken: { id: string; token: string },
  created: boolean,
  context: HandlerContext,
): Promise<Answer> {
  const told = await keepReport(node, registration, created, context);
  context.emit({ kind: 'node-registered', ...told, nodeTokenId: nodeToken.id });
  // A known node was counted when its key was recognised.
  if (created) context.nodeRequests.count(node.nodeId, context.now());
  const heartbeatIntervalMs = await context.heartbeatIntervalMs();
  return {
    status: created ? 201 : 200,
    body: {
      accepted: true,
      nodeId: node.nodeId,
      nodeToken: nodeToken.token,
      ...(heartbeatIntervalMs !== undefined && { heartbeatIntervalMs }),
    },
  };
}

async function pending(
  node: NodeRecord,
  registration: RegisterRequest,
  created: boolean,
  context: HandlerContext,
): Promise<Answer> {
  const told = await keepReport(node, registration, created, context);
  context.emit({ kind: 'node-pending', ...told, approvalCode: node.approvalCode });
  return {
    status: 202,
    body: { accepted: false, reason: 'pending-approval' },
    retryAfterMs: context.pendingRetryAfterMs,
  };
}

/** Stores what the node reported; resolves with the common part of every registration event. */
async function keepReport(
  { nodeId, joinTokenId }: NodeRecord,
  registration: RegisterRequest,
  created: boolean,
  context: HandlerContext,
) {
  await context.store.saveReport(nodeId, reportOf(registration, context.now()));
  const { bootId, status } = registration;
  return { nodeId, bootId, created, joinTokenId, status };
}

function reportOf({ bootId, status }: RegisterRequest, receivedAtMs: number): NodeReport {
  return {
    bootId,
    sequence: 0,
    receivedAtMs,
    status,
  };
}
