import type { Accounts, OperatorRecord, Rights } from '@serve.zone/baseos-cloudly-handlers';
import { lastAdmin, unknownOperator } from './account-errors.js';
import { type By, type Decision, idsOf, told } from './by.js';
import { isLiveOperator } from './lapses.js';
import { revocationOf } from './api-tokens.js';

/** @throws FleetError if there is none of this name */
export function findOperator({ operators }: Pick<Accounts, 'operators'>, name: string): OperatorRecord {
  const operator = operators.find((candidate) => candidate.name === name);
  if (!operator || !isLiveOperator(operator)) throw unknownOperator(name);
  return operator;
}

export function changeOperator(name: string, rights: Rights, by: By): Decision<OperatorRecord> {
  return (accounts) => {
    const before = findOperator(accounts, name);
    const { role: _role, scope: _scope, ...rest } = before;
    const after: OperatorRecord = { ...rest, ...rights };
    if (before.role === after.role && before.scope === after.scope) return { result: before };
    requireAdminLeft(accounts, after);
    const details = { name, from: rightsOf(before), to: rightsOf(after) };
    return {
      result: after,
      save: { operators: [after] },
      events: [told(by, { kind: 'operator-changed', details })],
    };
  };
}

/** Also ends whatever they have let in. */
export function removeOperator(name: string, by: By): Decision<void> {
  return (accounts) => {
    const before = findOperator(accounts, name);
    const after = { ...before, removedAtMs: by.nowMs };
    requireAdminLeft(accounts, after);
    const { sessions, invitations, apiTokens } = accounts;
    const ofThem = apiTokens.filter(({ operatorId }) => operatorId === before.id);
    const revoked = revocationOf(ofThem, `${name} was removed`, by);
    const offered = invitations.filter(({ offers }) => offers.kind !== 'first' && offers.name === name);
    return {
      result: undefined,
      save: { operators: [after], apiTokens: revoked.apiTokens },
      remove: {
        sessions: idsOf(sessions.filter(({ operatorId }) => operatorId === before.id)),
        invitations: idsOf(offered),
      },
      events: [told(by, { kind: 'operator-removed', details: { name } }), ...revoked.events],
    };
  };
}

/** Somebody must be left who can invite others. */
function requireAdminLeft({ operators }: Accounts, after: OperatorRecord): void {
  const isAdmin = (operator: OperatorRecord) =>
    isLiveOperator(operator) && operator.role === 'admin' && operator.scope === undefined;
  const others = operators.filter(({ id }) => id !== after.id);
  const before = operators.find(({ id }) => id === after.id);
  if (before && isAdmin(before) && !isAdmin(after) && !others.some(isAdmin)) throw lastAdmin(after.name);
}

function rightsOf({ role, scope }: Rights): Rights {
  return { role, ...(scope !== undefined && { scope }) };
}
