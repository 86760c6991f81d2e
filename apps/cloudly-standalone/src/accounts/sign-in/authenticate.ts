import {
  type AccountStore,
  type FoundApiToken,
  type FoundSession,
  isUsableApiToken,
} from '@serve.zone/baseos-cloudly-handlers';
import { bearerOf, readToken } from '@serve.zone/baseos-contracts';
import { FleetApiError } from '@serve.zone/baseos-fleet-api';
import type { AccountCaller } from '../identity/account-caller.js';
import { isLiveOperator, isOpenSession } from '../decisions/lapses.js';
import type { Doors } from '../doors/doors.js';
import { commonScope, lowerRole, scopeOf } from '../identity/rights.js';
import { hashOf } from '../identity/hash-of.js';
import { sessionSecretOf } from './session-cookie.js';

export interface AuthenticateOptions {
  store: AccountStore;
  doors: Doors;
  now: () => number;
  /** Gets why a use could not be noted. */
  onError: (error: unknown) => void;
}

/** Noting each use would write with each request. */
const USE_NOTED_EVERY_MS = 60_000;

/**
 * Who sends a request: an API token as a bearer, else a browser with the cookie of a session. `undefined` for nobody.
 *
 * @throws FleetApiError for a request that is none of this server, or that another website has sent
 */
export function createAuthenticate({ store, doors, now, onError }: AuthenticateOptions) {
  const noteUse = async (kind: 'sessions' | 'apiTokens', id: string, lastUsedAtMs = 0): Promise<void> => {
    if (now() - lastUsedAtMs < USE_NOTED_EVERY_MS) return;
    await store.noteUse(kind, id, now()).catch(onError);
  };

  const byApiToken = async (bearer: string): Promise<AccountCaller | undefined> => {
    const reading = readToken('api', bearer);
    if (reading.kind !== 'well-formed') throw unauthenticated(details[reading.kind]);
    const found = await store.findApiToken(hashOf(bearer));
    const caller = found && callerByApiToken(found, now());
    if (caller) await noteUse('apiTokens', caller.credential.apiTokenId, found.apiToken.lastUsedAtMs);
    return caller;
  };

  const bySession = async (request: Request, secret: string): Promise<AccountCaller | undefined> => {
    const found = await store.findSession(hashOf(secret));
    const caller = found && callerBySession(found, now());
    if (!caller) return undefined;
    if (!isReading(request)) doors.requireOrigin(request);
    if (isUse(request)) await noteUse('sessions', caller.credential.sessionId, found.session.lastUsedAtMs);
    return caller;
  };

  return async (request: Request): Promise<AccountCaller | undefined> => {
    const address = doors.requireHost(request);
    const bearer = bearerOf(request.headers);
    if (bearer !== undefined) return byApiToken(bearer);
    // Whoever sends another kind of credentials means these.
    if (request.headers.has('authorization')) return undefined;
    const secret = sessionSecretOf(request.headers.get('cookie'), address);
    return secret === undefined ? undefined : bySession(request, secret);
  };
}

/** With the rights of the token, and no more than those of its operator today. */
function callerByApiToken(
  { apiToken, operator }: FoundApiToken,
  nowMs: number,
): (AccountCaller & { credential: { kind: 'api-token' } }) | undefined {
  const { id: apiTokenId, name, operatorId, expiresAtMs } = apiToken;
  const hasOperator = operatorId === undefined || (operator !== undefined && isLiveOperator(operator));
  if (!isUsableApiToken(apiToken, nowMs) || !hasOperator) return undefined;
  const owner = operator ?? apiToken;
  return {
    actor: `token:${name}`,
    role: lowerRole(apiToken.role, owner.role),
    scope: commonScope(operator && scopeOf(operator), scopeOf(apiToken)),
    credential: { kind: 'api-token', apiTokenId, name, operatorId, expiresAtMs },
  };
}

function callerBySession(
  { session, operator }: FoundSession,
  nowMs: number,
): (AccountCaller & { credential: { kind: 'session' } }) | undefined {
  if (!isOpenSession(session, nowMs) || !isLiveOperator(operator)) return undefined;
  const { id: sessionId, operatorId, expiresAtMs } = session;
  const { name, role } = operator;
  return {
    actor: `operator:${name}`,
    role,
    scope: scopeOf(operator),
    credential: { kind: 'session', sessionId, operatorId, name, expiresAtMs },
  };
}

/** What changes nothing: another website may ask for it, and does not get the answer. */
function isReading({ method }: Request): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** A page that is left open reads these by itself: a session must not last for as long. */
function isUse({ url }: Request): boolean {
  const { pathname } = new URL(url);
  return !/\/(?:nodes\/live|events\/stream)$/.test(pathname);
}

const details = {
  'other-kind': 'This is a token of nodes; an API token starts with bot_',
  mistyped: 'The API token has a typo: its checksum shows that a character is wrong',
  foreign: 'This is not an API token, which starts with bot_',
} as const;

function unauthenticated(message: string): FleetApiError {
  return new FleetApiError('unauthenticated', message, {
    remedy: 'Send an API token that is valid: Authorization: Bearer bot_...',
  });
}
