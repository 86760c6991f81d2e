import { type HeartbeatRequest, parseHeartbeatRequest } from '@serve.zone/baseos-contracts';
import type { Answer } from './answer.js';
import { bearerOf } from './bearer.js';
import { ATTEMPTS_MAX, contention, keepNode } from './change-node.js';
import { expectedBy } from './connectivity.js';
import type { StoredNode } from './fleet-store.js';
import type { HandlerContext } from './handler-context.js';
import { sha256Hex } from './hash.js';
import type { NodeRecord } from './node-record.js';
import type { NodeReport } from './node-report.js';
import { activateToken, enterBoot, isRotationDue, issueToken } from './node-transition.js';
import { readJsonBody } from './read-json-body.js';
import { mintToken, readToken, type TokenReading } from './token.js';

/** Judges a heartbeat. Nobody without a node's token gets Cloudly to read a body. */
export const judgeHeartbeat = async (request: Request, context: HandlerContext): Promise<Answer> => {
  const bearer = bearerOf(request);
  if (bearer === undefined) return unknownToken('No node token was sent.');
  const tokenHash = await sha256Hex(bearer);
  const known = await context.store.findNodeByTokenHash(tokenHash);
  if (!known) return unknownToken(details[readToken('node', bearer).kind]);

  const body = await readJsonBody(request);
  if (!body.ok) return { ...body, claimedNodeId: known.node.nodeId };
  const parsed = parseHeartbeatRequest(body.text);
  if (!parsed.ok) return { ...parsed, claimedNodeId: known.node.nodeId };

  const heartbeat = parsed.value;
  let stored: StoredNode | undefined = known;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const answer = await judgeOnce(stored, heartbeat, tokenHash, context);
    if (answer) return 'problem' in answer ? { ...answer, claimedNodeId: heartbeat.nodeId } : answer;
    stored = await context.store.findNodeByTokenHash(tokenHash);
  }
  throw contention(heartbeat.nodeId);
};

/** Resolves with nothing when what was read had changed before it could write. */
const judgeOnce = async (
  stored: StoredNode | undefined,
  heartbeat: HeartbeatRequest,
  tokenHash: string,
  context: HandlerContext,
): Promise<Answer | undefined> => {
  if (!stored) return unknownToken(details['well-formed']);
  if (stored.node.nodeId !== heartbeat.nodeId) return unknownToken('The token belongs to another node.');
  const { nodeId } = stored.node;
  if (stored.node.revokedAtMs !== undefined) return { problem: { code: 'node-revoked', nodeId } };

  const activated = activateToken(stored.node, tokenHash);
  const node = await keepNode(context.store, stored.node, enterBoot({ ...stored, node: activated }, heartbeat.bootId));
  if (!node) return undefined;
  if (activated !== stored.node && node.currentToken) {
    context.emit({ kind: 'node-token-activated', nodeId, nodeTokenId: node.currentToken.id });
  }

  const isNewest = isNewerThanStored(heartbeat, node, stored);
  if (isNewest && !(await context.store.saveReport(nodeId, reportOf(heartbeat, context)))) return undefined;

  const sendFullStatus = isNewest && !heartbeat.status && !isStatusKnown(heartbeat, stored);
  context.emit({ kind: 'heartbeat-received', ...told(heartbeat), stored: isNewest, sendFullStatus });

  const nextNodeToken = isNewest ? await rotate(node, tokenHash, context) : undefined;
  const { heartbeatIntervalMs } = context;
  return {
    status: 200,
    body: {
      accepted: true,
      ...(heartbeatIntervalMs !== undefined && { heartbeatIntervalMs }),
      ...(sendFullStatus && { sendFullStatus }),
      ...(nextNodeToken !== undefined && { nextNodeToken }),
    },
  };
};

const isNewerThanStored = ({ bootId, sequence }: HeartbeatRequest, node: NodeRecord, stored: StoredNode): boolean => {
  if (node.bootId !== bootId) return false;
  const last = stored.lastHeartbeat;
  return last?.bootId !== bootId || last.sequence < sequence;
};

const isStatusKnown = ({ bootId, statusHash }: HeartbeatRequest, { status }: StoredNode): boolean =>
  status?.bootId === bootId && status.hash === statusHash;

/** Issues the next token, unless the node's record was changed meanwhile; then a later heartbeat does. */
const rotate = async (
  node: NodeRecord,
  presentedHash: string,
  { store, rotateNodeTokenAfterMs, now, randomBytes, emit }: HandlerContext,
): Promise<string | undefined> => {
  const nowMs = now();
  if (!isRotationDue(node, presentedHash, nowMs, rotateNodeTokenAfterMs)) return undefined;
  const minted = await mintToken('node', randomBytes);
  if (!(await store.replaceNode(issueToken(node, minted, nowMs)))) return undefined;
  emit({ kind: 'node-token-issued', nodeId: node.nodeId, nodeTokenId: minted.id });
  return minted.token;
};

const reportOf = (heartbeat: HeartbeatRequest, { now, heartbeatIntervalMs }: HandlerContext): NodeReport => {
  const receivedAtMs = now();
  const { bootId, sequence, statusHash, status, vitals, runningCommand } = heartbeat;
  return {
    bootId,
    sequence,
    receivedAtMs,
    expectedByMs: expectedBy(receivedAtMs, heartbeatIntervalMs),
    vitals,
    ...(status && { status, statusHash }),
    ...(runningCommand && { runningCommand }),
  };
};

const told = ({ nodeId, bootId, sequence, vitals, status }: HeartbeatRequest) => ({
  nodeId,
  bootId,
  sequence,
  vitals,
  ...(status && { status }),
});

const details = {
  'well-formed': 'The token is well formed, but no node has it now.',
  mistyped: 'The token is mistyped: a character is missing or wrong.',
  'other-kind': 'This is a join token; a node token starts with bnt_.',
  foreign: 'This is no node token of a Cloudly; one starts with bnt_.',
} as const satisfies Record<TokenReading['kind'], string>;

const unknownToken = (detail: string): Answer => ({ problem: { code: 'node-token-unknown', detail } });
