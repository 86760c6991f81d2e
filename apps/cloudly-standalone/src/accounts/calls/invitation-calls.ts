import { type Caller, FleetError, type InvitationRecord } from '@serve.zone/baseos-cloudly-handlers';
import { requireRole } from '@serve.zone/baseos-cloudly-handlers/mounting';
import { foldName, nameMistake } from '../identity/account-name.js';
import { type AccountsContext, byOf, decide } from './accounts-context.js';
import { isOpenInvitation } from '../decisions/lapses.js';
import { addInvitation, revokeInvitation } from '../decisions/invitations.js';
import { mintSecret } from '../identity/mint-secret.js';
import type { InvitationOptions, OfferedInvitation, Operators } from '@serve.zone/baseos-fleet-api';
import { readRights } from '../identity/rights.js';
import { requireDurationMs } from './require-duration.js';
import { shownInvitation } from './shown-accounts.js';

type InvitationCalls = Pick<Operators, 'invite' | 'offerNewPassword' | 'listInvitations' | 'revokeInvitation'>;

export interface InvitationContext extends AccountsContext {
  /** Where operators reach the server, without a slash at its end. */
  publicUrl: () => string;
}

const DAY_MS = 24 * 3_600_000;
const EXPIRES_IN_MS = 3 * DAY_MS;
const EXPIRES_IN_MAX_MS = 30 * DAY_MS;

/** What an admin does with invitations. */
export function invitationCalls(context: InvitationContext): InvitationCalls {
  return {
    async invite(caller, { name: typed, role, scope, ...options }) {
      requireRole({ caller }, 'unscoped-admin', 'invite an operator');
      const name = requireName(typed);
      return offer(
        context,
        caller,
        { kind: 'join', name, ...readRights({ role, ...(scope !== undefined && { scope }) }) },
        options,
      );
    },

    async offerNewPassword(caller, typed, options) {
      requireRole({ caller }, 'unscoped-admin', 'offer an operator a new password');
      return offer(context, caller, { kind: 'new-password', name: foldName(typed) }, options);
    },

    async listInvitations(caller) {
      requireRole({ caller }, 'unscoped-admin', 'list invitations');
      const { invitations } = await context.store.read();
      return invitations.filter((each) => isOpenInvitation(each, context.now())).map(shownInvitation);
    },

    async revokeInvitation(caller, invitationId) {
      requireRole({ caller }, 'unscoped-admin', 'revoke an invitation');
      await decide(context, revokeInvitation(invitationId, byOf(caller, context)));
    },
  };
}

/** Invites whoever gets the link to be the first operator. There may be several links: one of them is used. */
export function inviteFirst(
  context: InvitationContext,
  caller: Caller,
  { expiresInMs = DAY_MS }: InvitationOptions = {},
): Promise<OfferedInvitation> {
  return offer(context, caller, { kind: 'first' }, { expiresInMs });
}

async function offer(
  context: InvitationContext,
  caller: Caller,
  offers: InvitationRecord['offers'],
  { expiresInMs = EXPIRES_IN_MS }: InvitationOptions = {},
): Promise<OfferedInvitation> {
  requireDurationMs('An invitation', expiresInMs, EXPIRES_IN_MAX_MS);
  const by = byOf(caller, context);
  const { id, token, hash } = mintSecret('invitation');
  const record = { id, hash, createdAtMs: by.nowMs, createdBy: by.actor, expiresAtMs: by.nowMs + expiresInMs, offers };
  const kept = await decide(context, addInvitation(record, by));
  // What follows the # is sent to no server, and so is in no log.
  return { link: `${context.publicUrl()}/invitation#${token}`, record: shownInvitation(kept) };
}

/** @throws FleetError for a name that nobody can have */
export function requireName(typed: string): string {
  const name = foldName(typed);
  const mistake = nameMistake(name);
  if (mistake !== undefined) throw new FleetError('value-invalid', mistake, { remedy: 'Choose another name.' });
  return name;
}
