import { approvalCode, parseRegisterRequest, type RegisterRequest } from '@serve.zone/baseos-contracts';
import type { Answer } from './answer.js';
import { ATTEMPTS_MAX, contention, keepNode } from './change-node.js';
import type { StoredNode } from './fleet-store.js';
import type { HandlerContext } from './handler-context.js';
import { isSameHash, sha256Hex } from './hash.js';
import type { JoinTokenRecord } from './join-token-record.js';
import { judgeJoinToken } from './judge-join-token.js';
import type { NodeRecord } from './node-record.js';
import type { NodeReport } from './node-report.js';
import { enterBoot, issuedToken, issueToken } from './node-transition.js';
import { readJsonBody } from './read-json-body.js';
import { mintToken } from './token.js';

/** Judges a registration, in the order of the contract. */
export const judgeRegister = async (request: Request, context: HandlerContext): Promise<Answer> => {
  const body = await readJsonBody(request);
  if (!body.ok) return body;
  const parsed = parseRegisterRequest(body.text);
  if (!parsed.ok) return parsed;

  const registration = parsed.value;
  const keyHash = await sha256Hex(registration.registrationKey);
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const answer = await judgeOnce(request, registration, keyHash, context);
    if (answer) return 'problem' in answer ? { ...answer, claimedNodeId: registration.nodeId } : answer;
  }
  throw contention(registration.nodeId);
};

/** Resolves with nothing when what it read was changed before it could write. */
const judgeOnce = async (
  request: Request,
  registration: RegisterRequest,
  keyHash: string,
  context: HandlerContext,
): Promise<Answer | undefined> => {
  const known = await context.store.findNode(registration.nodeId);
  if (known && isSameHash(known.node.registrationKeyHash ?? '', keyHash)) return readmit(known, registration, context);

  const judged = await judgeJoinToken(request, context.store, context.now());
  if (!judged.ok) return judged;
  if (known) return { problem: { code: 'node-id-taken' } };
  return admit(judged.joinToken, registration, keyHash, context);
};

/** A node that Cloudly knows, by its key: it lost its tokens, or the answer to its registration. */
const readmit = async (
  stored: StoredNode,
  registration: RegisterRequest,
  context: HandlerContext,
): Promise<Answer | undefined> => {
  const known = stored.node;
  if (known.revokedAtMs !== undefined) return { problem: { code: 'node-revoked', nodeId: known.nodeId } };

  const entered = enterBoot(stored, registration.bootId);
  if (known.approvedAtMs === undefined) {
    const node = await keepNode(context.store, known, entered);
    return node && pending(node, registration, false, context);
  }
  const nodeToken = await mintToken('node', context.randomBytes);
  const node = await keepNode(context.store, known, issueToken(entered, nodeToken, context.now()));
  return node && accepted(node, registration, nodeToken, false, context);
};

/** A new node, by its join token. */
const admit = async (
  joinToken: JoinTokenRecord,
  registration: RegisterRequest,
  keyHash: string,
  context: HandlerContext,
): Promise<Answer | undefined> => {
  const nodeToken = await mintToken('node', context.randomBytes);
  const nowMs = context.now();
  const node: NodeRecord = {
    nodeId: registration.nodeId,
    revision: 1,
    registrationKeyHash: keyHash,
    approvalCode: await approvalCode(registration.registrationKey),
    joinTokenId: joinToken.id,
    registeredAtMs: nowMs,
    ...(!joinToken.requiresApproval && { approvedAtMs: nowMs, nextToken: issuedToken(nodeToken, nowMs) }),
    bootId: registration.bootId,
    supersededBoots: [],
    excludedBootIds: [],
  };
  if ((await context.store.createNode(node, nowMs)) !== 'created') return undefined;
  return joinToken.requiresApproval
    ? pending(node, registration, true, context)
    : accepted(node, registration, nodeToken, true, context);
};

const accepted = async (
  node: NodeRecord,
  registration: RegisterRequest,
  nodeToken: { id: string; token: string },
  created: boolean,
  context: HandlerContext,
): Promise<Answer> => {
  const told = await keepReport(node, registration, created, context);
  context.emit({ kind: 'node-registered', ...told, nodeTokenId: nodeToken.id });
  const { heartbeatIntervalMs } = context;
  return {
    status: created ? 201 : 200,
    body: {
      accepted: true,
      nodeId: node.nodeId,
      nodeToken: nodeToken.token,
      ...(heartbeatIntervalMs !== undefined && { heartbeatIntervalMs }),
    },
  };
};

const pending = async (
  node: NodeRecord,
  registration: RegisterRequest,
  created: boolean,
  context: HandlerContext,
): Promise<Answer> => {
  const told = await keepReport(node, registration, created, context);
  context.emit({ kind: 'node-pending', ...told, approvalCode: node.approvalCode });
  return {
    status: 202,
    body: { accepted: false, reason: 'pending-approval' },
    retryAfterMs: context.pendingRetryAfterMs,
  };
};

/** Keeps what the node said of itself; resolves with what every event of a registration tells. */
const keepReport = async (
  { nodeId, joinTokenId }: NodeRecord,
  registration: RegisterRequest,
  created: boolean,
  context: HandlerContext,
) => {
  await context.store.saveReport(nodeId, reportOf(registration, context.now()));
  const { bootId, status } = registration;
  return { nodeId, bootId, created, joinTokenId, status };
};

const reportOf = ({ bootId, status }: RegisterRequest, receivedAtMs: number): NodeReport => ({
  bootId,
  sequence: 0,
  receivedAtMs,
  status,
});
