import { randomUUID } from 'node:crypto';
import { type Caller, FleetError, type OperatorRecord } from '@serve.zone/baseos-cloudly-handlers';
import { readToken } from '@serve.zone/baseos-contracts';
import type { Operators, SignedIn, Visit } from '@serve.zone/baseos-fleet-api';
import { type AccountsContext, byOf, decide } from '../calls/accounts-context.js';
import { requireName } from '../calls/invitation-calls.js';
import { shownInvitation, shownSession } from '../calls/shown-accounts.js';
import { sessionNeeded, signInFailed, unknownInvitation } from '../decisions/account-errors.js';
import { acceptInvitation, findInvitation } from '../decisions/invitations.js';
import { isLiveOperator } from '../decisions/lapses.js';
import { changePassword, endSession, type NewSession, signIn } from '../decisions/sessions.js';
import type { Doors } from '../doors/doors.js';
import type { PublicAddress } from '../doors/public-address.js';
import { credentialOf, type SessionCredential } from '../identity/account-caller.js';
import { foldName } from '../identity/account-name.js';
import { hashOf } from '../identity/hash-of.js';
import { passwordMistake } from '../passwords/password-mistake.js';
import type { Passwords } from '../passwords/passwords.js';
import type { AttemptLimits } from './attempt-limits.js';
import type { FailedSignIns } from './failed-sign-ins.js';
import { newSessionSecret, noSessionCookie, sessionCookie, sessionSecretOf } from './session-cookie.js';

type SignInCalls = Pick<
  Operators,
  'signIn' | 'signOut' | 'readInvitation' | 'acceptInvitation' | 'changePassword' | 'listSessions' | 'endSession'
>;

export interface SignInContext extends AccountsContext {
  doors: Doors;
  passwords: Passwords;
  limits: AttemptLimits;
  failedSignIns: FailedSignIns;
  /** The network address of a client, unless it is this machine. */
  clientAddress: (request: Request, info: unknown) => string | undefined;
}

/** However much it is used. */
const SESSION_MAX_MS = 7 * 24 * 3_600_000;

/** What people do to sign in and out, and with their passwords. */
export function signInCalls(context: SignInContext): SignInCalls {
  const { doors, failedSignIns, limits, passwords, store } = context;

  return {
    async signIn({ name: typed, password }, visit) {
      const { publicAddress, address } = enter(context, visit);
      const name = foldName(typed);
      const attempt = limits.begin({ name, address });
      const operator = (await store.read()).operators.find((each) => each.name === name && isLiveOperator(each));
      if (!(await passwords.isRight(password, operator?.passwordHash)) || !operator) {
        failedSignIns.count(operator?.name);
        throw signInFailed();
      }
      attempt.succeed();
      const { id: operatorId, passwordHash } = operator;
      const betterHash = passwords.isOutdated(passwordHash) ? await passwords.hash(password) : undefined;
      return openSession(context, visit, publicAddress, (opening) =>
        decide(context, signIn({ operatorId, passwordHash, betterHash, ...opening }, context.now())),
      );
    },

    async readInvitation(invitation, visit) {
      const { address } = enter(context, visit);
      const attempt = limits.begin({ address });
      if (readToken('invitation', invitation).kind !== 'well-formed') throw unknownInvitation();
      const found = findInvitation(await store.read(), hashOf(invitation), context.now());
      attempt.succeed();
      return shownInvitation(found);
    },

    async acceptInvitation({ invitation, password, name }, visit) {
      const { publicAddress, address } = enter(context, visit);
      const attempt = limits.begin({ address });
      if (readToken('invitation', invitation).kind !== 'well-formed') throw unknownInvitation();
      const hash = hashOf(invitation);
      const { offers } = findInvitation(await store.read(), hash, context.now());
      const chosen = offers.kind === 'first' ? requireName(name ?? '') : offers.name;
      requirePassword(password, chosen);
      attempt.succeed();
      const passwordHash = await passwords.hash(password);
      return openSession(context, visit, publicAddress, (opening) =>
        decide(
          context,
          acceptInvitation({
            hash,
            name: chosen,
            passwordHash,
            operatorId: randomUUID(),
            nowMs: context.now(),
            ...opening,
          }),
        ),
      );
    },

    async signOut(caller, visit) {
      const { sessionId, operatorId } = requireSession(caller, 'sign out');
      await decide(context, endSession(sessionId, operatorId, byOf(caller, context)));
      return { setCookie: noSessionCookie(doors.requireHost(visit.request)) };
    },

    async changePassword(caller, { currentPassword, newPassword }) {
      const { operatorId, sessionId, name } = requireSession(caller, 'change a password');
      requirePassword(newPassword, name);
      const attempt = limits.begin({ name });
      const formerHash = (await store.read()).operators.find(({ id }) => id === operatorId)?.passwordHash;
      if (!(await passwords.isRight(currentPassword, formerHash)) || formerHash === undefined) {
        failedSignIns.count(name);
        throw signInFailed();
      }
      attempt.succeed();
      const passwordHash = await passwords.hash(newPassword);
      await decide(context, changePassword({ operatorId, sessionId, formerHash, passwordHash }, byOf(caller, context)));
    },

    async listSessions(caller) {
      const { operatorId, sessionId } = requireSession(caller, 'list their sessions');
      const own = (await store.read()).sessions.filter((session) => session.operatorId === operatorId);
      return own.map((session) => shownSession(session, sessionId));
    },

    async endSession(caller, sessionId) {
      const { operatorId } = requireSession(caller, 'end their sessions');
      await decide(context, endSession(sessionId, operatorId, byOf(caller, context)));
    },
  };
}

/** @throws FleetApiError for a request of another website, or in the clear */
function enter({ doors, clientAddress }: SignInContext, { request, info }: Visit) {
  const address = clientAddress(request, info);
  const publicAddress = doors.requireHost(request);
  doors.requireOrigin(request);
  doors.requireSecrecy(request, address);
  return { publicAddress, address };
}

/** Another one each time, whatever the browser had before. */
async function openSession(
  { now, clientAddress }: SignInContext,
  { request, info }: Visit,
  publicAddress: PublicAddress,
  open: (opening: NewSession) => Promise<OperatorRecord>,
): Promise<SignedIn> {
  const secret = newSessionSecret();
  const former = sessionSecretOf(request.headers.get('cookie'), publicAddress);
  const nowMs = now();
  const address = clientAddress(request, info);
  const userAgent = request.headers.get('user-agent')?.slice(0, USER_AGENT_MAX_LENGTH);
  const { name, role, scope } = await open({
    session: {
      id: randomUUID(),
      hash: hashOf(secret),
      createdAtMs: nowMs,
      expiresAtMs: nowMs + SESSION_MAX_MS,
      lastUsedAtMs: nowMs,
      ...(address !== undefined && { address }),
      ...(userAgent !== undefined && { userAgent }),
    },
    formerHash: former === undefined ? undefined : hashOf(former),
  });
  return {
    me: { name, kind: 'operator', role, ...(scope !== undefined && { scope }), expiresAtMs: nowMs + SESSION_MAX_MS },
    setCookie: sessionCookie(secret, SESSION_MAX_MS, publicAddress),
  };
}

const USER_AGENT_MAX_LENGTH = 200;

function requireSession(caller: Caller, toDo: string): SessionCredential {
  const credential = credentialOf(caller);
  if (credential?.kind !== 'session') throw sessionNeeded(toDo);
  return credential;
}

function requirePassword(password: string, name: string): void {
  const mistake = passwordMistake(password, name);
  if (mistake !== undefined) throw new FleetError('value-invalid', mistake, { remedy: 'Choose another password.' });
}
