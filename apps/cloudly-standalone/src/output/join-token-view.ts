import { type JoinTokenRecord, joinTokenState } from '@serve.zone/baseos-cloudly-handlers';

/** A join token as an operator's program may see it: without the hash, and with instants in RFC 3339. */
export function viewJoinToken(joinToken: JoinTokenRecord, nowMs: number): Record<string, unknown> {
  const { id, createdAtMs, expiresAtMs, maxUses, usedCount, requiresApproval, maxPending } = joinToken;
  const { revokedAtMs, revokedReason } = joinToken;
  return {
    id,
    state: joinTokenState(joinToken, nowMs),
    createdAt: new Date(createdAtMs).toISOString(),
    expiresAt: new Date(expiresAtMs).toISOString(),
    maxUses,
    usedCount,
    requiresApproval,
    ...(maxPending !== undefined && { maxPending }),
    ...(revokedAtMs !== undefined && { revokedAt: new Date(revokedAtMs).toISOString() }),
    ...(revokedReason !== undefined && { revokedReason }),
  };
}
