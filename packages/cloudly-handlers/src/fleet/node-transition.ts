import type { StoredNode } from './node-store.js';
import type { IssuedNodeToken, NodeRecord, SupersededBoot } from './node-record.js';
import type { MintedToken } from './mint-token.js';

/** A late request comes from one of the last processes; older ones are forgotten. */
const SUPERSEDED_BOOTS_MAX = 8;

/** The node speaks from this process: a process never seen takes over from the one before it. */
export function recordBoot(stored: StoredNode, bootId: string, nowMs: number): NodeRecord {
  const { node } = stored;
  if (bootId === node.bootId || node.supersededBoots.some((boot) => boot.bootId === bootId)) return node;
  const supersededBoots = [{ ...lastOf(stored), supersededAtMs: nowMs }, ...node.supersededBoots].slice(
    0,
    SUPERSEDED_BOOTS_MAX,
  );
  return { ...node, bootId, supersededBoots };
}

/** What is known about the node's process: from its last heartbeat, or else from its registration. */
function lastOf({ node, lastHeartbeat, status }: StoredNode): SupersededBoot {
  const { bootId, registeredAtMs } = node;
  if (lastHeartbeat?.bootId === bootId) {
    return { bootId, lastSequence: lastHeartbeat.sequence, lastSeenAtMs: lastHeartbeat.receivedAtMs };
  }
  const lastSeenAtMs = status?.bootId === bootId ? status.receivedAtMs : registeredAtMs;
  return { bootId, lastSequence: 0, lastSeenAtMs };
}

/** First step of a rotation: a new token is sent to the node; the current one stays valid. */
export function issueToken(node: NodeRecord, minted: MintedToken, issuedAtMs: number): NodeRecord {
  return {
    ...node,
    nextToken: issuedToken(minted, issuedAtMs),
  };
}

/**
 * Second step: the node has proved that it has the next token, so the previous one is invalid. If two devices had that
 * one, the kept device now has a token that the other one lacks.
 */
export function activateToken(node: NodeRecord, presentedHash: string): NodeRecord {
  const { nextToken, rotationDemandedAtMs, cloneResolution, ...rest } = node;
  if (nextToken?.hash !== presentedHash) return node;
  const { claimantBootIds: _decided, ...settled } = cloneResolution ?? {};
  const isStillDemanded = rotationDemandedAtMs !== undefined && nextToken.issuedAtMs < rotationDemandedAtMs;
  return {
    ...rest,
    currentToken: nextToken,
    ...(isStillDemanded && { rotationDemandedAtMs }),
    ...(cloneResolution && { cloneResolution: { ...settled, atMs: cloneResolution.atMs } }),
  };
}

/**
 * Whether the token that the node presented must be replaced, because of its age or a request of an operator, and no
 * new one is already issued: a late request would invalidate that one before the node has used it.
 */
export function isRotationDue(node: NodeRecord, presentedHash: string, nowMs: number, afterMs: number): boolean {
  const { currentToken, nextToken, rotationDemandedAtMs } = node;
  if (currentToken?.hash !== presentedHash) return false;
  const isDemanded = rotationDemandedAtMs !== undefined;
  if (!isDemanded && nowMs - currentToken.issuedAtMs < afterMs) return false;
  const doesNextCount = nextToken !== undefined && nextToken.issuedAtMs >= (rotationDemandedAtMs ?? 0);
  return !(doesNextCount && isUnderWay(nextToken, nowMs));
}

/** An answer that has not arrived by then is lost, and so is its token. */
const TOKEN_ARRIVES_WITHIN_MS = 120_000;

function isUnderWay(nextToken: IssuedNodeToken, nowMs: number): boolean {
  const ageMs = nowMs - nextToken.issuedAtMs;
  return ageMs >= 0 && ageMs < TOKEN_ARRIVES_WITHIN_MS;
}

/** Invalidates the token with this ID, or all tokens, at once. The device gets a new one with its registration key. */
export function voidTokens(node: NodeRecord, tokenId?: string): NodeRecord {
  const { currentToken, nextToken, ...rest } = node;
  const isVoid = (token: IssuedNodeToken | undefined): boolean =>
    token !== undefined && (tokenId === undefined || token.id === tokenId);
  if (!isVoid(currentToken) && !isVoid(nextToken)) return node;
  return {
    ...rest,
    ...(currentToken && !isVoid(currentToken) && { currentToken }),
    ...(nextToken && !isVoid(nextToken) && { nextToken }),
  };
}

/** Another device has this identity from now on: only its key counts, and all tokens are invalid. */
export function rebind(
  stored: StoredNode,
  device: { bootId: string; registrationKeyHash: string; approvalCode: string },
  nowMs: number,
): NodeRecord {
  const {
    rebind: _used,
    cloneSuspectedAtMs: _settled,
    cloneResolution: _ofTheKeyBefore,
    ...rest
  } = voidTokens(recordBoot(stored, device.bootId, nowMs));
  return { ...rest, ...device };
}

/** Whether an operator allows the device with this approval code to take over the identity. */
export function isRebindAllowed({ rebind: allowed, revokedAtMs }: NodeRecord, code: string, nowMs: number): boolean {
  return revokedAtMs === undefined && allowed?.approvalCode === code && nowMs < allowed.untilMs;
}

/** The revision that a new record starts from: below 2^48, so that there is room to count. */
export function firstRevision(randomBytes: (count: number) => Uint8Array): number {
  return randomBytes(6).reduce((number, byte) => number * 256 + byte, 0) + 1;
}

export function issuedToken({ id, hash }: MintedToken, issuedAtMs: number): IssuedNodeToken {
  return {
    id,
    hash,
    issuedAtMs,
  };
}
