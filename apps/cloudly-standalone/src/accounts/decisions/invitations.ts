import type { Accounts, InvitationRecord, OperatorRecord } from '@serve.zone/baseos-cloudly-handlers';
import { nameTaken, unknownInvitation } from './account-errors.js';
import { type By, type Decision, idsOf, told } from './by.js';
import { findOperator } from './change-operators.js';
import { isLiveOperator, isOpenInvitation } from './lapses.js';
import { type NewSession, openSession } from './sessions.js';

/** In the place of those that were offered to the same name before. */
export function addInvitation(invitation: InvitationRecord, by: By): Decision<InvitationRecord> {
  return (accounts) => {
    const { offers, expiresAtMs: untilMs } = invitation;
    if (offers.kind === 'join') requireFreeName(accounts, offers.name);
    if (offers.kind === 'new-password') findOperator(accounts, offers.name);
    if (offers.kind === 'first') requireNoOperator(accounts);
    const isReplaced = (other: InvitationRecord) =>
      offers.kind !== 'first' && other.offers.kind !== 'first' && other.offers.name === offers.name;
    return {
      result: invitation,
      save: { invitations: [invitation] },
      remove: { invitations: idsOf(accounts.invitations.filter(isReplaced)) },
      events: [told(by, toldOf(offers, untilMs))],
    };
  };
}

export function revokeInvitation(invitationId: string, by: By): Decision<void> {
  return ({ invitations }) => {
    const invitation = invitations.find(({ id }) => id === invitationId);
    if (!invitation) throw unknownInvitation();
    const { offers } = invitation;
    const details = offers.kind === 'first' ? {} : { name: offers.name };
    return {
      result: undefined,
      remove: { invitations: [invitationId] },
      events: [told(by, { kind: 'invitation-revoked', details })],
    };
  };
}

export interface Acceptance extends NewSession {
  /** Of the invitation. */
  hash: string;
  /** Of the first operator; others have theirs from the invitation. */
  name: string | undefined;
  passwordHash: string;
  /** Of an operator who is new. */
  operatorId: string;
  nowMs: number;
}

/** Uses an invitation up, and signs in: whoever comes second finds none. */
export function acceptInvitation(acceptance: Acceptance): Decision<OperatorRecord> {
  return (accounts) => {
    const { nowMs } = acceptance;
    const invitation = findInvitation(accounts, acceptance.hash, nowMs);
    const operator = operatorOf(accounts, invitation, acceptance);
    const { name, role, scope } = operator;
    const isNew = invitation.offers.kind !== 'new-password';
    const by: By = { actor: `operator:${name}`, nowMs };
    const signedIn = openSession(accounts, operator, acceptance, by);
    const ended = accounts.sessions.filter(({ operatorId }) => operatorId === operator.id);
    const used = accounts.invitations.filter(
      ({ id, offers }) => id === invitation.id || (invitation.offers.kind === 'first' && offers.kind === 'first'),
    );
    const joined = { name, role, ...(scope !== undefined && { scope }) };
    return {
      result: operator,
      save: { operators: [operator], sessions: signedIn.sessions },
      remove: { invitations: idsOf(used), sessions: [...signedIn.removed, ...idsOf(ended)] },
      events: [
        told(
          by,
          isNew ? { kind: 'operator-joined', details: joined } : { kind: 'password-changed', details: { name } },
        ),
        ...signedIn.events,
      ],
    };
  };
}

/** @throws FleetError unless it can still be accepted */
export function findInvitation(accounts: Accounts, hash: string, nowMs: number): InvitationRecord {
  const invitation = accounts.invitations.find((candidate) => candidate.hash === hash);
  if (!invitation || !isOpenInvitation(invitation, nowMs)) throw unknownInvitation();
  if (invitation.offers.kind === 'first') requireNoOperator(accounts);
  return invitation;
}

function operatorOf(
  accounts: Accounts,
  { offers, createdBy }: InvitationRecord,
  acceptance: Acceptance,
): OperatorRecord {
  const { passwordHash, nowMs, operatorId, name = '' } = acceptance;
  const password = { passwordHash, passwordSetAtMs: nowMs };
  if (offers.kind === 'new-password') return { ...findOperator(accounts, offers.name), ...password };
  const { kind: _kind, ...given } =
    offers.kind === 'first' ? { kind: offers.kind, name, role: 'admin' as const } : offers;
  requireFreeName(accounts, given.name);
  return { id: operatorId, ...given, ...password, joinedAtMs: nowMs, invitedBy: createdBy };
}

/** A removed one had it, too. */
function requireFreeName({ operators }: Accounts, name: string): void {
  if (operators.some((operator) => operator.name === name)) throw nameTaken('An operator', name);
}

function requireNoOperator({ operators }: Accounts): void {
  if (operators.some(isLiveOperator)) throw unknownInvitation();
}

function toldOf(offers: InvitationRecord['offers'], untilMs: number) {
  if (offers.kind === 'new-password') {
    return { kind: 'new-password-offered', details: { name: offers.name, untilMs } } as const;
  }
  const { kind: _kind, ...rights } = offers.kind === 'first' ? { kind: offers.kind, role: 'admin' as const } : offers;
  return { kind: 'operator-invited', details: { ...rights, untilMs } } as const;
}
