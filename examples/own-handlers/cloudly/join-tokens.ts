import type { ProblemCode } from '@serve.zone/baseos-contracts';
import type { Fleet, JoinToken } from './fleet.ts';
import { hashOf, mintToken } from './token.ts';

export type JudgedJoinToken = { ok: true; joinToken: JoinToken } | { ok: false; code: ProblemCode };

/** Whether it admits a new node. Counts no use: only a new node does. */
export function judgeJoinToken(fleet: Fleet, secret: string | undefined, nowMs: number): JudgedJoinToken {
  if (secret === undefined) return { ok: false, code: 'join-token-missing' };
  const joinToken = fleet.joinTokens.get(hashOf(secret));
  if (!joinToken) return { ok: false, code: 'join-token-unknown' };
  if (joinToken.isRevoked) return { ok: false, code: 'join-token-revoked' };
  if (joinToken.usesLeft === 0) return { ok: false, code: 'join-token-used' };
  return nowMs >= joinToken.expiresAtMs ? { ok: false, code: 'join-token-expired' } : { ok: true, joinToken };
}

export interface JoinTokenOrder {
  uses: number;
  expiresAtMs: number;
  requiresApproval: boolean;
}

/** @returns the token, which is available only here. */
export function makeJoinToken(fleet: Fleet, order: JoinTokenOrder): string {
  const { uses, ...particulars } = order;
  const secret = mintToken('join');
  fleet.joinTokens.set(hashOf(secret), { usesLeft: uses, isRevoked: false, ...particulars });
  return secret;
}
