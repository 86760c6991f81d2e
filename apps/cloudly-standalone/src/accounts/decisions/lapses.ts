import type {
  AccountChange,
  AccountKind,
  Accounts,
  InvitationRecord,
  OperatorRecord,
  SessionRecord,
} from '@serve.zone/baseos-cloudly-handlers';
import { idsOf } from './by.js';

/** How long a session may go unused. */
const SESSION_IDLE_MS = 12 * 3_600_000;

/** As long as the events that name them: then the names are free again. */
const REMEMBERED_MS = 730 * 24 * 3_600_000;

export function isLiveOperator({ removedAtMs }: OperatorRecord): boolean {
  return removedAtMs === undefined;
}

export function isOpenInvitation({ expiresAtMs }: InvitationRecord, nowMs: number): boolean {
  return nowMs < expiresAtMs;
}

export function isOpenSession({ expiresAtMs, lastUsedAtMs }: SessionRecord, nowMs: number): boolean {
  return nowMs < expiresAtMs && nowMs < lastUsedAtMs + SESSION_IDLE_MS;
}

/** The same change, which also removes what has lapsed. */
export function withLapses<Result>(
  change: AccountChange<Result>,
  { operators, invitations, apiTokens, sessions }: Accounts,
  nowMs: number,
): AccountChange<Result> {
  const isForgotten = (endedAtMs: number | undefined): boolean => (endedAtMs ?? Infinity) <= nowMs - REMEMBERED_MS;
  const lapsed: Record<AccountKind, string[]> = {
    operators: idsOf(operators.filter(({ removedAtMs }) => isForgotten(removedAtMs))),
    invitations: idsOf(invitations.filter((invitation) => !isOpenInvitation(invitation, nowMs))),
    apiTokens: idsOf(apiTokens.filter(({ revokedAtMs, expiresAtMs }) => isForgotten(revokedAtMs ?? expiresAtMs))),
    sessions: idsOf(sessions.filter((session) => !isOpenSession(session, nowMs))),
  };
  const kinds = Object.keys(lapsed) as AccountKind[];
  const remove = Object.fromEntries(kinds.map((kind) => [kind, [...lapsed[kind], ...(change.remove?.[kind] ?? [])]]));
  return { ...change, remove };
}
