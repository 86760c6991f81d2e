import type { Actor } from '../events/actor.js';
import type { FleetWideEventBody, WrittenEvent } from '../events/fleet-event.js';
import { runtime } from '../fleet/runtime.js';
import type { AccountStore } from './account-store.js';
import type { Accounts, ApiTokenRecord, InvitationRecord } from './accounts.js';
import { isUsableApiToken } from './is-usable-api-token.js';

export interface FreezeAccountsOptions {
  /** When the backup was taken from which the fleet was restored, for the reason that operators read. */
  backupTakenAtMs: number;
  /** @default 'system' */
  actor?: Actor | undefined;
  /** @default Date.now */
  now?: (() => number) | undefined;
}

export interface FrozenAccounts {
  /** The tokens that were revoked. */
  apiTokens: ApiTokenRecord[];
  /** The invitations that were removed. */
  invitations: InvitationRecord[];
  /** How many sessions were ended. */
  sessionCount: number;
}

/**
 * Ends all sessions and invitations and revokes all API tokens, in a fleet that was restored from a backup: what was ended since
 * the backup would be valid again. Operators sign in anew with their passwords of then.
 */
export function freezeAccounts(
  store: Pick<AccountStore, 'change'>,
  { backupTakenAtMs, actor = 'system', now = runtime.now }: FreezeAccountsOptions,
): Promise<FrozenAccounts> {
  const atMs = now();
  const written = (told: FleetWideEventBody): WrittenEvent => ({ atMs, actor, ...told });
  return store.change((accounts) => {
    const frozen = whatIsValid(accounts, atMs, frozenReason(backupTakenAtMs));
    const { apiTokens, invitations, sessions } = frozen;
    return {
      result: { apiTokens, invitations, sessionCount: sessions.length },
      save: { apiTokens },
      remove: { invitations: invitations.map(({ id }) => id), sessions: sessions.map(({ id }) => id) },
      events: toldOf(frozen).map(written),
    };
  });
}

/** The `revokedReason` of an API token that is frozen. */
function frozenReason(backupTakenAtMs: number): string {
  return `what was revoked since the backup of ${new Date(backupTakenAtMs).toISOString()} is not known`;
}

function whatIsValid({ apiTokens, ...others }: Accounts, atMs: number, revokedReason: string): Accounts {
  const revoked = (apiToken: ApiTokenRecord): ApiTokenRecord => ({ ...apiToken, revokedAtMs: atMs, revokedReason });
  return { ...others, apiTokens: apiTokens.filter((each) => isUsableApiToken(each, atMs)).map(revoked) };
}

function toldOf({ operators, apiTokens, invitations, sessions }: Accounts): FleetWideEventBody[] {
  const counts = operators.map(({ id, name }) => ({
    name,
    count: sessions.filter(({ operatorId }) => operatorId === id).length,
  }));
  return [
    ...counts.filter(({ count }) => count > 0).map((details) => ({ kind: 'sessions-ended' as const, details })),
    ...invitations.map(({ offers }) => ({
      kind: 'invitation-revoked' as const,
      details: offers.kind === 'first' ? {} : { name: offers.name },
    })),
    ...apiTokens.map(({ id, name, revokedReason: reason = '' }) => ({
      kind: 'api-token-revoked' as const,
      details: { apiTokenId: id, name, reason },
    })),
  ];
}
