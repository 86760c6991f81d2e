import type { Fleet, NodeRecord, NodeTokens } from './fleet.ts';
import { hashOf, mintToken } from './token.ts';

const ROTATE_AFTER_MS = 30 * 24 * 3_600_000;

/** An answer that has not arrived by then is lost, and so is its token. */
const ARRIVES_WITHIN_MS = 120_000;

export function findNodeByToken(fleet: Fleet, tokenHash: string): NodeRecord | undefined {
  return fleet.nodes.get(fleet.nodeIdsByToken.get(tokenHash) ?? '');
}

/**
 * A new token for the node. A previous one that was not used yet becomes invalid; the current one stays valid (T-2).
 */
export function issueToken(fleet: Fleet, node: NodeRecord, nowMs: number): string {
  const token = mintToken('node');
  setTokens(fleet, node, { ...node.tokens, next: { hash: hashOf(token), issuedAtMs: nowMs } });
  return token;
}

/** The node has used a token: if it is the next one, the previous one becomes invalid (T-3). */
export function useToken(fleet: Fleet, node: NodeRecord, tokenHash: string): void {
  const { next } = node.tokens;
  if (next?.hash !== tokenHash) return;
  setTokens(fleet, node, { current: next, next: undefined });
  if (next.issuedAtMs >= (node.rotationDemandedAtMs ?? 0)) node.rotationDemandedAtMs = undefined;
  if (node.cloneDecision) node.cloneDecision.isCarriedOut = true;
}

/**
 * Whether the node must get a new token (T-4 to T-6). Not while an issued one is unused: a repeated request would
 * invalidate that one before the node has used it.
 */
export function isRotationDue(node: NodeRecord, tokenHash: string, nowMs: number): boolean {
  const { tokens, rotationDemandedAtMs } = node;
  if (tokens.current?.hash !== tokenHash) return false;
  if (rotationDemandedAtMs === undefined && nowMs - tokens.current.issuedAtMs < ROTATE_AFTER_MS) return false;
  const { next } = tokens;
  const isUnderWay =
    next !== undefined && next.issuedAtMs >= (rotationDemandedAtMs ?? 0) && nowMs - next.issuedAtMs < ARRIVES_WITHIN_MS;
  return !isUnderWay;
}

/** The only place where tokens become valid or invalid. */
export function setTokens(fleet: Fleet, node: NodeRecord, tokens: NodeTokens): void {
  for (const token of Object.values(node.tokens)) if (token) fleet.nodeIdsByToken.delete(token.hash);
  for (const token of Object.values(tokens)) if (token) fleet.nodeIdsByToken.set(token.hash, node.nodeId);
  node.tokens = tokens;
}
