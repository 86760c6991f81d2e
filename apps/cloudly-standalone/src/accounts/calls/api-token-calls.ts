import { type ApiTokenRecord, type Caller, FleetError, hasRole } from '@serve.zone/baseos-cloudly-handlers';
import { type Credential, credentialOf } from '../identity/account-caller.js';
import { type AccountsContext, byOf, decide } from './accounts-context.js';
import { addApiToken, revokeApiToken } from '../decisions/api-tokens.js';
import { requireName } from './invitation-calls.js';
import { mintSecret } from '../identity/mint-secret.js';
import type { Operators } from '@serve.zone/baseos-fleet-api';
import { requireDurationMs } from './require-duration.js';
import { rightsWithin } from '../identity/rights.js';
import { shownApiToken } from './shown-accounts.js';

type ApiTokenCalls = Pick<Operators, 'createApiToken' | 'listApiTokens' | 'revokeApiToken'>;

const EXPIRES_IN_MAX_MS = 3650 * 24 * 3_600_000;
const REASON_MAX_LENGTH = 1000;

/** What operators do with the tokens of their programs. */
export function apiTokenCalls(context: AccountsContext): ApiTokenCalls {
  return {
    async createApiToken(caller, { name: typed, expiresInMs, role, scope }) {
      const name = requireName(typed);
      if (expiresInMs !== undefined) requireDurationMs('An API token', expiresInMs, EXPIRES_IN_MAX_MS);
      const rights = rightsWithin(caller, { role, ...(scope !== undefined && { scope }) });
      const by = byOf(caller, context);
      const { id, token, hash } = mintSecret('api');
      const expiresAtMs = expiryOf(
        credentialOf(caller),
        expiresInMs === undefined ? undefined : by.nowMs + expiresInMs,
      );
      const record: ApiTokenRecord = {
        id,
        hash,
        name,
        ...rights,
        createdAtMs: by.nowMs,
        createdBy: by.actor,
        ...originOf(credentialOf(caller)),
        ...(expiresAtMs !== undefined && { expiresAtMs }),
      };
      const kept = await decide(context, addApiToken(record, by));
      return { token, record: shownApiToken(kept, await context.store.read()) };
    },

    async listApiTokens(caller) {
      const accounts = await context.store.read();
      const visible = accounts.apiTokens.filter((apiToken) => isVisible(apiToken, caller));
      return visible.map((apiToken) => shownApiToken(apiToken, accounts));
    },

    async revokeApiToken(caller, apiTokenId, reason) {
      if (reason !== undefined) requireReason(reason);
      const visible = { reason, isVisible: (apiToken: ApiTokenRecord) => isVisible(apiToken, caller) };
      const revoked = await decide(context, revokeApiToken(apiTokenId, visible, byOf(caller, context)));
      return shownApiToken(revoked, await context.store.read());
    },
  };
}

/** Without whom it ends. */
function originOf(creator: Credential | undefined): Pick<ApiTokenRecord, 'operatorId' | 'parentTokenId'> {
  if (!creator) return {};
  const { operatorId } = creator;
  return {
    ...(operatorId !== undefined && { operatorId }),
    ...(creator.kind === 'api-token' && { parentTokenId: creator.apiTokenId }),
  };
}

/** A token does not outlive the one that created it; a session is no limit, because an operator goes on without it. */
function expiryOf(creator: Credential | undefined, expiresAtMs: number | undefined): number | undefined {
  const ofCreator = creator?.kind === 'api-token' ? creator.expiresAtMs : undefined;
  if (ofCreator === undefined || expiresAtMs === undefined) return ofCreator ?? expiresAtMs;
  return Math.min(ofCreator, expiresAtMs);
}

/** An operator sees the tokens that end with them, a token itself and those that it created. */
function isVisible({ id, operatorId, parentTokenId }: ApiTokenRecord, caller: Caller): boolean {
  if (hasRole(caller, 'unscoped-admin')) return true;
  const credential = credentialOf(caller);
  if (credential?.kind === 'api-token') return [id, parentTokenId].includes(credential.apiTokenId);
  return credential !== undefined && credential.operatorId === operatorId;
}

function requireReason(reason: string): void {
  if (reason.length <= REASON_MAX_LENGTH && reason.isWellFormed() && !/[^\P{Cc}\n]/u.test(reason)) return;
  throw new FleetError('value-invalid', `A reason is text of at most ${REASON_MAX_LENGTH} characters`, {
    remedy: 'Shorten it.',
  });
}
