import {
  type Accounts,
  type ApiTokenRecord,
  type WrittenEvent,
  isUsableApiToken,
} from '@serve.zone/baseos-cloudly-handlers';
import { nameTaken, unknownApiToken, unknownOperator } from './account-errors.js';
import { type By, type Decision, told } from './by.js';
import { isLiveOperator } from './lapses.js';

export function addApiToken(apiToken: ApiTokenRecord, by: By): Decision<ApiTokenRecord> {
  return (accounts) => {
    const { id: apiTokenId, name, role, scope, expiresAtMs } = apiToken;
    if (accounts.apiTokens.some((other) => other.name === name)) throw nameTaken('An API token', name);
    requireCreator(accounts, apiToken, by);
    const details = {
      apiTokenId,
      name,
      role,
      ...(scope !== undefined && { scope }),
      ...(expiresAtMs !== undefined && { expiresAtMs }),
    };
    return {
      result: apiToken,
      save: { apiTokens: [apiToken] },
      events: [told(by, { kind: 'api-token-created', details })],
    };
  };
}

/** With all that were created with it. One that is revoked stays as it is. */
export function revokeApiToken(
  apiTokenId: string,
  { reason, isVisible }: { reason?: string | undefined; isVisible: (apiToken: ApiTokenRecord) => boolean },
  by: By,
): Decision<ApiTokenRecord> {
  return ({ apiTokens }) => {
    const asked = apiTokens.find(({ id }) => id === apiTokenId);
    if (!asked || !isVisible(asked)) throw unknownApiToken(apiTokenId);
    const descendants = descendantsOf(asked, apiTokens);
    const own = revocationOf([asked], reason, by);
    const theirs = revocationOf(descendants, `${asked.name} was revoked, with which it was created`, by);
    return {
      result: own.apiTokens[0] ?? asked,
      save: { apiTokens: [...own.apiTokens, ...theirs.apiTokens] },
      events: [...own.events, ...theirs.events],
    };
  };
}

/** Those of them that are revoked thereby, and what is told of it. */
export function revocationOf(
  apiTokens: readonly ApiTokenRecord[],
  reason: string | undefined,
  by: By,
): { apiTokens: ApiTokenRecord[]; events: WrittenEvent[] } {
  const because = reason === undefined ? {} : { reason };
  const revoked = apiTokens.filter(({ revokedAtMs }) => revokedAtMs === undefined);
  const revoke = (apiToken: ApiTokenRecord): ApiTokenRecord => ({
    ...apiToken,
    revokedAtMs: by.nowMs,
    ...(reason !== undefined && { revokedReason: reason }),
  });
  const events = revoked.map(({ id, name }) =>
    told(by, { kind: 'api-token-revoked', details: { apiTokenId: id, name, ...because } }),
  );
  return { apiTokens: revoked.map(revoke), events };
}

function descendantsOf({ id }: ApiTokenRecord, all: readonly ApiTokenRecord[]): ApiTokenRecord[] {
  const children = all.filter(({ parentTokenId }) => parentTokenId === id);
  return children.concat(children.flatMap((child) => descendantsOf(child, all)));
}

/** Whoever creates it may have been removed, or revoked, since they called. */
function requireCreator({ operators, apiTokens }: Accounts, apiToken: ApiTokenRecord, { nowMs }: By): void {
  const { operatorId, parentTokenId } = apiToken;
  const operator = operators.find(({ id }) => id === operatorId);
  if (operatorId !== undefined && !(operator && isLiveOperator(operator))) throw unknownOperator(operator?.name ?? '');
  const parent = apiTokens.find(({ id }) => id === parentTokenId);
  if (parentTokenId !== undefined && !(parent && isUsableApiToken(parent, nowMs))) throw unknownApiToken(parentTokenId);
}
