import type { ShownApiToken } from '@serve.zone/baseos-fleet-api';
import { instant } from '../time/instant.js';

/** An API token as an operator's program may see it: without the hash, and with instants in RFC 3339. */
export function viewApiToken(apiToken: ShownApiToken, nowMs: number): Record<string, unknown> {
  const { id, name, role, scope, createdAtMs, createdBy, operator, expiresAtMs } = apiToken;
  const { revokedAtMs, revokedReason, lastUsedAtMs } = apiToken;
  return {
    id,
    name,
    state: apiTokenState(apiToken, nowMs),
    role,
    ...(scope !== undefined && { scope }),
    createdAt: instant(createdAtMs),
    createdBy,
    ...(operator !== undefined && { operator }),
    ...(expiresAtMs !== undefined && { expiresAt: instant(expiresAtMs) }),
    ...(lastUsedAtMs !== undefined && { lastUsedAt: instant(lastUsedAtMs) }),
    ...(revokedAtMs !== undefined && { revokedAt: instant(revokedAtMs) }),
    ...(revokedReason !== undefined && { revokedReason }),
  };
}

export function apiTokenState(
  { revokedAtMs, expiresAtMs = Infinity }: Pick<ShownApiToken, 'revokedAtMs' | 'expiresAtMs'>,
  nowMs: number,
): 'usable' | 'expired' | 'revoked' {
  if (revokedAtMs !== undefined) return 'revoked';
  return expiresAtMs <= nowMs ? 'expired' : 'usable';
}
