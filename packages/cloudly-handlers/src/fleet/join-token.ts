import type { NodeStore } from './node-store.js';
import type { JoinTokenRecord } from './join-token-record.js';
import { mintToken } from './mint-token.js';
import { runtime } from './runtime.js';

const DAY_MS = 24 * 3600 * 1000;

export interface JoinTokenOptions {
  /**
   * How many new nodes it admits.
   *
   * @default 1
   */
  uses?: number | undefined;
  /**
   * How long it admits new nodes.
   *
   * @default 24 hours
   */
  expiresInMs?: number | undefined;
  /**
   * Whether an operator must approve each node that it admits.
   *
   * @default false
   */
  requiresApproval?: boolean | undefined;
  /**
   * How many of its nodes may wait for approval at a time; the next one must retry later. Nodes that are approved,
   * revoked or forgotten no longer count; a node whose revocation is lifted counts again, even beyond the limit.
   *
   * @default as many as it has uses
   */
  maxPending?: number | undefined;
  /** @default Date.now */
  now?: (() => number) | undefined;
  /** @default the runtime's cryptographic source */
  randomBytes?: ((byteCount: number) => Uint8Array) | undefined;
}

export interface CreatedJoinToken {
  /** For `BASEOS_JOIN_TOKEN`. It is available only here: the store keeps its hash. */
  joinToken: string;
  record: JoinTokenRecord;
}

/**
 * Creates a join token, durable when this resolves. List and revoke with the store's own `listJoinTokens` and
 * `revokeJoinToken`.
 *
 * @throws TypeError if `uses`, `expiresInMs` or `maxPending` is not a whole number from 1 up.
 */
export async function createJoinToken(
  store: Pick<NodeStore, 'addJoinToken'>,
  options: JoinTokenOptions = {},
): Promise<CreatedJoinToken> {
  const { uses = 1, expiresInMs = DAY_MS, requiresApproval = false, maxPending } = options;
  requirePositiveInteger('uses', uses);
  requirePositiveInteger('expiresInMs', expiresInMs);
  if (maxPending !== undefined) requirePositiveInteger('maxPending', maxPending);

  const createdAtMs = (options.now ?? runtime.now)();
  const expiresAtMs = Math.min(createdAtMs + expiresInMs, LATEST_INSTANT_MS);
  const { id, token, hash } = await mintToken('join', options.randomBytes ?? runtime.randomBytes);
  const record: JoinTokenRecord = {
    id,
    hash,
    createdAtMs,
    expiresAtMs,
    maxUses: uses,
    usedCount: 0,
    requiresApproval,
    ...(maxPending !== undefined && { maxPending }),
  };
  await store.addJoinToken(record);
  return { joinToken: token, record };
}

export type JoinTokenState = 'usable' | 'expired' | 'used' | 'revoked';

export function joinTokenState(joinToken: JoinTokenRecord, nowMs: number): JoinTokenState {
  if (joinToken.revokedAtMs !== undefined) return 'revoked';
  if (joinToken.usedCount >= joinToken.maxUses) return 'used';
  return nowMs >= joinToken.expiresAtMs ? 'expired' : 'usable';
}

/** The last instant that a `Date` can represent. */
export const LATEST_INSTANT_MS = 8.64e15;

function requirePositiveInteger(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new TypeError(`${name} must be a whole number from 1 up, but is ${value}`);
}
