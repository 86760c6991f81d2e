import { joinTokenState, type ShownJoinToken } from '@serve.zone/baseos-cloudly-handlers';
import { instant } from '../time/instant.js';

/** A join token as an operator's program may see it: without the hash, and with instants in RFC 3339. */
export function viewJoinToken(joinToken: ShownJoinToken, nowMs: number): Record<string, unknown> {
  const { id, createdAtMs, expiresAtMs, maxUses, usedCount, requiresApproval, maxPending } = joinToken;
  const { description, labels, createdBy, revokedAtMs, revokedReason } = joinToken;
  return {
    id,
    state: joinTokenState(joinToken, nowMs),
    createdAt: instant(createdAtMs),
    expiresAt: instant(expiresAtMs),
    maxUses,
    usedCount,
    requiresApproval,
    ...(maxPending !== undefined && { maxPending }),
    ...(description !== undefined && { description }),
    ...(labels && { labels }),
    ...(createdBy !== undefined && { createdBy }),
    ...(revokedAtMs !== undefined && { revokedAt: instant(revokedAtMs) }),
    ...(revokedReason !== undefined && { revokedReason }),
  };
}
