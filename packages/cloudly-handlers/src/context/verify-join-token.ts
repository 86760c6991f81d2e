import type { ProblemCode } from '@serve.zone/baseos-contracts';
import type { JoinTokenRecord } from '../fleet/join-token-record.js';

/** A join token that was issued elsewhere. The store keeps a record under its ID from its first use on. */
export interface VerifiedJoinToken
  extends Pick<JoinTokenRecord, 'id'>, Partial<Pick<JoinTokenRecord, 'requiresApproval' | 'maxPending'>> {
  /** @default without bound */
  maxUses?: number;
  /** @default never */
  expiresAtMs?: number;
}

export type JoinTokenVerdict =
  | { ok: true; joinToken: VerifiedJoinToken }
  | { ok: false; code: Extract<ProblemCode, `join-token-${string}`>; detail?: string };

/** `undefined`: only the join tokens of the store count. */
export type VerifyJoinToken = (
  joinToken: string,
  claim: { nodeId: string },
) => JoinTokenVerdict | undefined | Promise<JoinTokenVerdict | undefined>;
