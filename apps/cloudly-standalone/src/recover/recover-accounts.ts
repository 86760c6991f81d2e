import { freezeAccounts, type StoreWithAccounts, isUsableApiToken } from '@serve.zone/baseos-cloudly-handlers';
import { isOpenSession } from '../accounts/decisions/lapses.js';

export interface RecoveredAccounts {
  /** The names of the API tokens that are revoked, now or when the backup was taken. */
  apiTokens: string[];
  invitationCount: number;
  sessionCount: number;
}

export interface RecoverAccountsOptions {
  takenAtMs: number;
  /** Of a file that was made by `backup`, in which they are frozen already. */
  backupTakenAtMs: number | undefined;
  isDryRun: boolean;
  nowMs: number;
}

/** Lets nobody in by what may have been ended since the backup: operators sign in again, and tokens are made anew. */
export async function recoverAccounts(
  { accounts }: Pick<StoreWithAccounts, 'accounts'>,
  { takenAtMs, backupTakenAtMs, isDryRun, nowMs }: RecoverAccountsOptions,
): Promise<RecoveredAccounts> {
  const { apiTokens, invitations, sessions } = await accounts.read();
  const frozenBefore = apiTokens.filter(
    ({ revokedAtMs, revokedReason }) => revokedAtMs === backupTakenAtMs && revokedReason !== undefined,
  );
  const frozen = isDryRun
    ? {
        apiTokens: apiTokens.filter((apiToken) => isUsableApiToken(apiToken, nowMs)),
        invitations,
        sessionCount: sessions.filter((session) => isOpenSession(session, nowMs)).length,
      }
    : await freezeAccounts(accounts, { backupTakenAtMs: takenAtMs, now: () => nowMs });
  return {
    apiTokens: [...frozenBefore, ...frozen.apiTokens].map(({ name }) => name),
    invitationCount: frozen.invitations.length,
    sessionCount: frozen.sessionCount,
  };
}
