import type { AccountStore } from '../../../accounts/account-store.js';
import type {
  Accounts,
  ApiTokenRecord,
  InvitationRecord,
  OperatorRecord,
  SessionRecord,
} from '../../../accounts/accounts.js';
import { ADA } from '../fleet/fleet-fixtures.js';
import { NOW_MS } from '../fixtures.js';

export function operatorRecord(name: string, changes: Partial<OperatorRecord> = {}): OperatorRecord {
  return {
    id: `id of ${name}`,
    name,
    role: 'operate',
    passwordHash: `password hash of ${name}`,
    passwordSetAtMs: NOW_MS,
    joinedAtMs: NOW_MS,
    invitedBy: ADA,
    ...changes,
  };
}

export function invitationRecord(id: string, changes: Partial<InvitationRecord> = {}): InvitationRecord {
  return {
    id,
    hash: `hash of invitation ${id}`,
    createdAtMs: NOW_MS,
    createdBy: ADA,
    expiresAtMs: NOW_MS + 1000,
    offers: { kind: 'join', name: 'ben', role: 'view', scope: 'label.site=berlin' },
    ...changes,
  };
}

export function apiTokenRecord(name: string, changes: Partial<ApiTokenRecord> = {}): ApiTokenRecord {
  return {
    id: `id of ${name}`,
    hash: `hash of ${name}`,
    name,
    role: 'view',
    createdAtMs: NOW_MS,
    createdBy: ADA,
    ...changes,
  };
}

export function sessionRecord(id: string, changes: Partial<SessionRecord> = {}): SessionRecord {
  return {
    id,
    hash: `hash of session ${id}`,
    operatorId: 'id of ada',
    createdAtMs: NOW_MS,
    expiresAtMs: NOW_MS + 1000,
    lastUsedAtMs: NOW_MS,
    ...changes,
  };
}

/** Adds these to what there is. */
export function saveAccounts(store: AccountStore, save: Partial<Accounts>): Promise<void> {
  return store.change(() => ({ result: undefined, save }));
}
