import { bearerOf, readToken } from '@serve.zone/baseos-contracts';
import type { HandlerContext } from '../context/handler-context.js';
import { sha256Hex } from '../fleet/hash.js';
import type { StoredNode } from '../fleet/node-store.js';
import type { Answer } from '../messages/answer.js';
import type { ServedRequest } from '../messages/served-request.js';
import { spreadMs } from '../waking/spread.js';
import { findUntold } from '../waking/untold.js';
import type { Interruption, Place } from '../waking/waiting-nodes.js';
import { mayWait } from '../waking/waking.js';
import { limitFailures, limitHeartbeat } from './limit-attempts.js';
import { tokenDetails, unknownToken } from './unknown-token.js';

/** Judges a request that wants to wait. Nothing is held without a valid node token. */
export async function judgeWake(
  request: ServedRequest,
  address: string | undefined,
  context: HandlerContext,
): Promise<Answer> {
  const { waking } = context;
  if (!waking.isOn()) return limitFailures(address, context, async () => notOffered);
  const bearer = bearerOf(request.headers);
  const { kind } = bearer === undefined ? { kind: undefined } : readToken('node', bearer);
  if (bearer === undefined || (kind !== 'well-formed' && !context.legacyNodes)) {
    const detail = kind === undefined ? tokenDetails.missing : tokenDetails[kind];
    return limitFailures(address, context, async () => unknownToken(detail));
  }

  const tokenHash = await sha256Hex(bearer);
  // No more than that is kept while it waits.
  let admittedNodeId: string | undefined;
  const refusal = await limitHeartbeat(address, tokenHash, context, async () => {
    const judged = await judgeToken(tokenHash, context);
    if ('problem' in judged) return judged;
    admittedNodeId = judged.node.nodeId;
    return answerOf(false);
  });
  return admittedNodeId === undefined ? refusal : hold(admittedNodeId, tokenHash, request.onGone, context);
}

async function judgeToken(
  tokenHash: string,
  context: HandlerContext,
): Promise<StoredNode | Extract<Answer, { problem: unknown }>> {
  const { store, knownNodeTokens, nodeRequests, now } = context;
  const stored = await store.findNodeByTokenHash(tokenHash);
  if (!stored) {
    knownNodeTokens.remove(tokenHash);
    return unknownToken(tokenDetails['well-formed']);
  }
  knownNodeTokens.add(tokenHash);
  const { nodeId, revokedAtMs } = stored.node;
  const waitMs = nodeRequests.take(nodeId, now());
  if (waitMs > 0) return { problem: { code: 'rate-limited' }, retryAfterMs: waitMs, claimedNodeId: nodeId };
  if (revokedAtMs !== undefined) return { problem: { code: 'node-revoked', nodeId }, claimedNodeId: nodeId };
  return mayWait(stored.node) ? stored : { ...notOffered, claimedNodeId: nodeId };
}

/** Waits until there is something to tell the node, or its time is over. */
async function hold(
  nodeId: string,
  tokenHash: string,
  onGone: ServedRequest['onGone'],
  context: HandlerContext,
): Promise<Answer> {
  const { waking, random, emit } = context;
  const place = waking.enter(nodeId, onGone);
  if (place === 'full') return busy(nodeId, 'Too many nodes wait to be woken.', random);
  if (place === 'draining') return busy(nodeId, 'Cloudly is shutting down.', random);
  try {
    const end = await waitFor(place, () => look(tokenHash, context));
    if (end === 'superseded') return superseded(nodeId);
    if (end === 'draining') return busy(nodeId, 'Cloudly is shutting down.', random);
    emit({ kind: 'wait-ended', nodeId, end });
    return answerOf(end === 'woken');
  } finally {
    place.leave();
  }
}

/** The state is read once the place is taken, so that nothing that happens in between is missed. */
async function waitFor(
  place: Place,
  isUntold: () => Promise<boolean>,
): Promise<'woken' | Exclude<Interruption, 'rung'>> {
  for (;;) {
    if (await isUntold()) return 'woken';
    const interruption = await place.next();
    if (interruption !== 'rung') return interruption;
  }
}

async function look(tokenHash: string, { store, now }: HandlerContext): Promise<boolean> {
  const stored = await store.findNodeByTokenHash(tokenHash);
  // A heartbeat learns what has become of the token.
  if (!stored || !mayWait(stored.node)) return true;
  return findUntold(store, stored, { tokenHash, nowMs: now() });
}

function answerOf(wake: boolean): Answer {
  return { status: 200, body: { wake } };
}

const notOffered: Extract<Answer, { problem: unknown }> = { problem: { code: 'not-found' } };

/** A newer request waits in its place, and it is the one that is answered. */
function superseded(nodeId: string): Answer {
  return {
    problem: { code: 'rate-limited', detail: 'A newer request of this node waits.' },
    retryAfterMs: 5000,
    claimedNodeId: nodeId,
  };
}

function busy(nodeId: string, detail: string, random: () => number): Answer {
  return {
    problem: { code: 'unavailable', detail },
    retryAfterMs: spreadMs(random),
    claimedNodeId: nodeId,
  };
}
