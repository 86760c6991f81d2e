import type { StoredNode } from './fleet-store.js';
import type { IssuedNodeToken, NodeRecord, SupersededBoot } from './node-record.js';
import { type MintedToken } from './token.js';

/** A late request comes from one of the last processes; older ones are forgotten. */
const SUPERSEDED_BOOTS_MAX = 8;

/** The node speaks from this process: a process never seen takes over from the one before it. */
export const enterBoot = (stored: StoredNode, bootId: string): NodeRecord => {
  const { node } = stored;
  if (bootId === node.bootId || node.supersededBoots.some((boot) => boot.bootId === bootId)) return node;
  const supersededBoots = [lastOf(stored), ...node.supersededBoots].slice(0, SUPERSEDED_BOOTS_MAX);
  return { ...node, bootId, supersededBoots };
};

/** What is known of the node's process: by its last heartbeat, or else by the registration that it began with. */
const lastOf = ({ node, lastHeartbeat, status }: StoredNode): SupersededBoot => {
  const { bootId, registeredAtMs } = node;
  if (lastHeartbeat?.bootId === bootId) {
    return { bootId, lastSequence: lastHeartbeat.sequence, lastSeenAtMs: lastHeartbeat.receivedAtMs };
  }
  const lastSeenAtMs = status?.bootId === bootId ? status.receivedAtMs : registeredAtMs;
  return { bootId, lastSequence: 0, lastSeenAtMs };
};

/** First step of a rotation: a token is on its way to the node; the one in use stays good. */
export const issueToken = (node: NodeRecord, minted: MintedToken, issuedAtMs: number): NodeRecord => ({
  ...node,
  nextToken: issuedToken(minted, issuedAtMs),
});

/** Second step: the node has proved that it holds the next token, so the one before it is void. */
export const activateToken = (node: NodeRecord, presentedHash: string): NodeRecord => {
  const { nextToken, ...rest } = node;
  return nextToken?.hash === presentedHash ? { ...rest, currentToken: nextToken } : node;
};

/**
 * Whether the token that the node presented is old enough to be replaced, and no other one is on its way: a late request
 * would make that void before the node has used it.
 */
export const isRotationDue = (node: NodeRecord, presentedHash: string, nowMs: number, afterMs: number): boolean =>
  node.currentToken?.hash === presentedHash &&
  nowMs - node.currentToken.issuedAtMs >= afterMs &&
  !isUnderWay(node.nextToken, nowMs);

/** An answer that has not arrived by then was lost, and the token with it. */
const TOKEN_ARRIVES_WITHIN_MS = 120_000;

const isUnderWay = (nextToken: IssuedNodeToken | undefined, nowMs: number): boolean => {
  if (!nextToken) return false;
  const ageMs = nowMs - nextToken.issuedAtMs;
  return ageMs >= 0 && ageMs < TOKEN_ARRIVES_WITHIN_MS;
};

export const issuedToken = ({ id, hash }: MintedToken, issuedAtMs: number): IssuedNodeToken => ({
  id,
  hash,
  issuedAtMs,
});
