import type {
  Accounts,
  ApiTokenRecord,
  InvitationRecord,
  OperatorRecord,
  SessionRecord,
} from '@serve.zone/baseos-cloudly-handlers';
import type { ShownApiToken, ShownInvitation, ShownOperator, ShownSession } from '@serve.zone/baseos-fleet-api';

// Without hashes, and without the IDs of operators, who are known by their names.

export function shownOperator(operator: OperatorRecord): ShownOperator {
  const { id: _id, passwordHash: _hash, removedAtMs: _removedAtMs, ...shown } = operator;
  return shown;
}

export function shownInvitation({ hash: _hash, ...shown }: InvitationRecord): ShownInvitation {
  return shown;
}

export function shownApiToken(
  { hash: _hash, operatorId, ...shown }: ApiTokenRecord,
  { operators }: Pick<Accounts, 'operators'>,
): ShownApiToken {
  const operator = operators.find(({ id }) => id === operatorId)?.name;
  return { ...shown, ...(operator !== undefined && { operator }) };
}

export function shownSession(
  { hash: _hash, operatorId: _id, ...shown }: SessionRecord,
  currentId: string,
): ShownSession {
  return { ...shown, isCurrent: shown.id === currentId };
}
