import { type JoinTokenRecord, joinTokenState } from '@serve.zone/baseos-cloudly-handlers';

/** What an operator's program may see of a join token: no hash, and instants as RFC 3339 has them. */
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
