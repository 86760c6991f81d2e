import type { Accounts, OperatorRecord, SessionRecord, WrittenEvent } from '@serve.zone/baseos-cloudly-handlers';
import { sessionNeeded, signInFailed, unknownSession } from './account-errors.js';
import { type By, type Decision, idsOf, told } from './by.js';
import { isLiveOperator } from './lapses.js';

/** How many sessions one operator may have: another one ends the oldest. */
const SESSIONS_MAX = 20;

export interface NewSession {
  session: Omit<SessionRecord, 'operatorId'>;
  /** Of the session that the browser had before. */
  formerHash: string | undefined;
}

/** A session of an operator who is signing in, and those that end thereby: none outlives a sign-in of the same browser. */
export function openSession(
  { sessions }: Accounts,
  { id: operatorId, name }: OperatorRecord,
  { session, formerHash }: NewSession,
  by: By,
): { sessions: SessionRecord[]; removed: string[]; events: WrittenEvent[] } {
  const former = sessions.filter(({ hash }) => hash === formerHash);
  const own = sessions.filter((other) => other.operatorId === operatorId);
  const tooOld = own.slice(0, Math.max(0, own.length + 1 - SESSIONS_MAX));
  const { address } = session;
  const details = { name, ...(address !== undefined && { address }) };
  return {
    sessions: [{ ...session, operatorId }],
    removed: idsOf([...former, ...tooOld]),
    events: [told(by, { kind: 'operator-signed-in', details })],
  };
}

export interface SignIn extends NewSession {
  operatorId: string;
  /** The stored one that the password was right for: another one may have been set meanwhile. */
  passwordHash: string;
  /** In its place, if it was made with another cost. */
  betterHash?: string | undefined;
}

export function signIn(
  { operatorId, passwordHash, betterHash, ...opening }: SignIn,
  nowMs: number,
): Decision<OperatorRecord> {
  return (accounts) => {
    const operator = accounts.operators.find(({ id }) => id === operatorId);
    if (!operator || !isLiveOperator(operator) || operator.passwordHash !== passwordHash) throw signInFailed();
    const by: By = { actor: `operator:${operator.name}`, nowMs };
    const { sessions, removed, events } = openSession(accounts, operator, opening, by);
    const better = betterHash === undefined ? [] : [{ ...operator, passwordHash: betterHash }];
    return { result: operator, save: { operators: better, sessions }, remove: { sessions: removed }, events };
  };
}

/** Ends one of an operator's sessions. */
export function endSession(sessionId: string, operatorId: string, by: By): Decision<void> {
  return ({ operators, sessions }) => {
    const ended = sessions.filter((session) => session.id === sessionId && session.operatorId === operatorId);
    if (ended.length === 0) throw unknownSession(sessionId);
    const name = operators.find(({ id }) => id === operatorId)?.name ?? '';
    return {
      result: undefined,
      remove: { sessions: [sessionId] },
      events: [told(by, { kind: 'sessions-ended', details: { name, count: 1 } })],
    };
  };
}

export interface PasswordChangeDecision {
  operatorId: string;
  /** The session that stays. */
  sessionId: string;
  /** The stored one that was confirmed. */
  formerHash: string;
  passwordHash: string;
}

/** Ends all other sessions, and whatever else could set a password. */
export function changePassword(change: PasswordChangeDecision, by: By): Decision<void> {
  return ({ operators, sessions, invitations }) => {
    const { operatorId, sessionId, formerHash, passwordHash } = change;
    const operator = operators.find(({ id }) => id === operatorId);
    if (!operator || !isLiveOperator(operator)) throw sessionNeeded('change a password');
    if (operator.passwordHash !== formerHash) throw signInFailed();
    const { name } = operator;
    const others = sessions.filter((session) => session.operatorId === operatorId && session.id !== sessionId);
    const offered = invitations.filter(({ offers }) => offers.kind === 'new-password' && offers.name === name);
    return {
      result: undefined,
      save: { operators: [{ ...operator, passwordHash, passwordSetAtMs: by.nowMs }] },
      remove: { sessions: idsOf(others), invitations: idsOf(offered) },
      events: [told(by, { kind: 'password-changed', details: { name } })],
    };
  };
}
