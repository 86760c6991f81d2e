import type { OfferedInvitation, ShownOperator } from '@serve.zone/baseos-fleet-api';
import { instant } from '../time/instant.js';

/** An operator as an operator's program may see them. */
export function viewOperator(operator: ShownOperator): Record<string, unknown> {
  const { name, role, scope, joinedAtMs, passwordSetAtMs, invitedBy } = operator;
  return {
    name,
    role,
    ...(scope !== undefined && { scope }),
    joinedAt: instant(joinedAtMs),
    passwordSetAt: instant(passwordSetAtMs),
    invitedBy,
  };
}

/** An invitation that was just made. */
export function viewInvitation({ link, record }: OfferedInvitation): Record<string, unknown> {
  const { id, offers, expiresAtMs } = record;
  return { link, id, ...offers, expiresAt: instant(expiresAtMs) };
}
