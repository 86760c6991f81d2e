import type { JoinTokenRecord } from './join-token-record.js';

export type JoinTokenState = 'usable' | 'expired' | 'used' | 'revoked';

export function joinTokenState(joinToken: Omit<JoinTokenRecord, 'hash'>, nowMs: number): JoinTokenState {
  if (joinToken.revokedAtMs !== undefined) return 'revoked';
  if (joinToken.usedCount >= joinToken.maxUses) return 'used';
  return nowMs >= joinToken.expiresAtMs ? 'expired' : 'usable';
}

/** The last instant that a `Date` can represent. */
export const LATEST_INSTANT_MS = 8.64e15;
