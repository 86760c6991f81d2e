import { PROTOCOL_VERSION, type LegacyHeartbeatRequest, type RuntimeStatus } from '@serve.zone/baseos-contracts';
import type { Answer } from '../../messages/answer.js';
import { keepNode } from '../../fleet/change-node.js';
import { expectedBy, shownInterval } from '../../fleet/connectivity.js';
import type { StoredNode } from '../../fleet/node-store.js';
import type { HandlerContext } from '../../context/handler-context.js';
import { LEGACY_BOOT_ID } from '../../fleet/legacy-boot-id.js';
import type { NodeRecord } from '../../fleet/node-record.js';
import { judgeUntilKept } from '../../context/judge-until-kept.js';
import { activateToken, recordBoot } from '../../fleet/node-transition.js';

/** A heartbeat of a legacy node: it proves that the node is alive, and contains nothing else. */
export async function judgeLegacyHeartbeat(
  known: StoredNode,
  { nodeId, status }: LegacyHeartbeatRequest,
  tokenHash: string,
  context: HandlerContext,
): Promise<Answer> {
  let stored: StoredNode | undefined = known;
  return judgeUntilKept(known.node.nodeId, async () => {
    const answer = await judgeOnce(stored, nodeId, status, tokenHash, context);
    if (!answer) stored = await context.store.findNodeByTokenHash(tokenHash);
    return answer;
  });
}

/** Resolves with nothing if the node was changed between the read and the write. */
async function judgeOnce(
  stored: StoredNode | undefined,
  claimedNodeId: string | undefined,
  status: RuntimeStatus | undefined,
  tokenHash: string,
  context: HandlerContext,
): Promise<Answer | undefined> {
  if (!stored) return { problem: { code: 'node-token-unknown' } };
  const before = stored.node;
  if (claimedNodeId !== undefined && claimedNodeId !== before.nodeId) {
    return { problem: { code: 'node-token-unknown', detail: 'The token belongs to another node.' } };
  }
  if (before.revokedAtMs !== undefined) return { problem: { code: 'node-revoked', nodeId: before.nodeId } };
  if (speaksProtocol(before)) {
    return { problem: { code: 'unsupported-protocol', supported: [PROTOCOL_VERSION], detail: needsProtocol } };
  }
  const entered = enterLegacyBoot({ ...stored, node: activateToken(before, tokenHash) }, context.now());
  const node = await keepNode(context.store, before, entered);
  return node && accept({ ...stored, node }, status, context);
}

/**
 * A node that has a key, or whose identity two devices have used, must speak the protocol: without the ID of its process, Cloudly
 * could recognise neither a copied disk nor a device that an operator has excluded.
 */
function speaksProtocol({ registrationKeyHash, cloneSuspectedAtMs, cloneResolution }: NodeRecord): boolean {
  return registrationKeyHash !== undefined || cloneSuspectedAtMs !== undefined || cloneResolution !== undefined;
}

const needsProtocol = 'This node speaks the protocol: its messages must have the member "protocol".';

/** A node that has returned to the legacy agent also counts as its running process. */
function enterLegacyBoot(stored: StoredNode, nowMs: number): NodeRecord {
  const { node } = stored;
  if (node.bootId === LEGACY_BOOT_ID) return node;
  const supersededBoots = node.supersededBoots.filter(({ bootId }) => bootId !== LEGACY_BOOT_ID);
  return recordBoot({ ...stored, node: { ...node, supersededBoots } }, LEGACY_BOOT_ID, nowMs);
}

async function accept(stored: StoredNode, status: RuntimeStatus | undefined, context: HandlerContext): Promise<Answer> {
  const { nodeId } = stored.node;
  const { lastHeartbeat } = stored;
  const bootId = LEGACY_BOOT_ID;
  const sequence = lastHeartbeat?.bootId === bootId ? lastHeartbeat.sequence + 1 : 1;
  const receivedAtMs = context.now();
  const heartbeatIntervalMs = await context.heartbeatIntervalMs();
  const intervalMs = heartbeatIntervalMs ?? shownInterval(stored, bootId, receivedAtMs);
  await context.store.saveReport(nodeId, {
    bootId,
    sequence,
    receivedAtMs,
    expectedByMs: expectedBy(receivedAtMs, intervalMs),
    ...(status && { status }),
  });
  context.emit({ kind: 'legacy-node-heard', nodeId, outcome: 'heartbeat', ...(status && { status }) });
  return { status: 200, legacyBody: heartbeatIntervalMs === undefined ? {} : { heartbeatIntervalMs } };
}
