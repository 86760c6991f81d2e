import type { AccountChange, AccountKind, FoundApiToken, FoundSession } from '../../accounts/account-store.js';
import type {
  Accounts,
  ApiTokenRecord,
  InvitationRecord,
  OperatorRecord,
  SessionRecord,
} from '../../accounts/accounts.js';

type AccountRecord = OperatorRecord | InvitationRecord | ApiTokenRecord | SessionRecord;

/** Values by column, in the order in which both dialects insert them. */
export interface AccountRow {
  kind: AccountKind;
  id: string;
  /** What finds it. */
  hash: string | null;
  /** The operator without whom it ends. */
  owner_id: string | null;
  /** 0 if it was never used. Apart from the record, because that changes without a decision. */
  used_at_ms: number;
  record: string;
}

/** A row that is read, in the columns {@link accountRowColumns}. */
export type AccountRecordRow = Pick<AccountRow, 'kind' | 'used_at_ms' | 'record'>;

export const accountRowColumns = 'kind, used_at_ms, record';

/** Of what is found by its hash. */
export interface FoundRow extends AccountRecordRow {
  owner_record: string | null;
}

export function accountRows({ save = {} }: AccountChange<unknown>): AccountRow[] {
  return kinds.flatMap((kind) => (save[kind] ?? []).map((record) => accountRow(kind, record)));
}

/** The kind and ID of what is removed. */
export function removedAccounts({ remove = {} }: AccountChange<unknown>): { kind: AccountKind; id: string }[] {
  return kinds.flatMap((kind) => (remove[kind] ?? []).map((id) => ({ kind, id })));
}

/** @param rows in the order in which they were added */
export function accountsOf(rows: readonly AccountRecordRow[]): Accounts {
  const of = <Kind extends AccountKind>(kind: Kind) =>
    rows.filter((row) => row.kind === kind).map(recordOf) as Accounts[Kind];
  return {
    operators: of('operators'),
    invitations: of('invitations'),
    apiTokens: of('apiTokens'),
    sessions: of('sessions'),
  };
}

export function foundSession(row: FoundRow | undefined): FoundSession | undefined {
  const operator = ownerOf(row);
  return row?.kind === 'sessions' && operator ? { session: recordOf(row) as SessionRecord, operator } : undefined;
}

export function foundApiToken(row: FoundRow | undefined): FoundApiToken | undefined {
  const operator = ownerOf(row);
  if (row?.kind !== 'apiTokens') return undefined;
  return { apiToken: recordOf(row) as ApiTokenRecord, ...(operator && { operator }) };
}

const kinds = ['operators', 'invitations', 'apiTokens', 'sessions'] as const satisfies AccountKind[];

function accountRow(kind: AccountKind, account: AccountRecord): AccountRow {
  const { lastUsedAtMs = 0, ...record } = account as ApiTokenRecord;
  const { id, hash = null, operatorId = null } = record as { id: string; hash?: string; operatorId?: string };
  return { kind, id, hash, owner_id: operatorId, used_at_ms: lastUsedAtMs, record: JSON.stringify(record) };
}

function recordOf({ record, used_at_ms: lastUsedAtMs }: AccountRecordRow): AccountRecord {
  return { ...(JSON.parse(record) as AccountRecord), ...(lastUsedAtMs > 0 && { lastUsedAtMs }) };
}

function ownerOf(row: FoundRow | undefined): OperatorRecord | undefined {
  return row?.owner_record == null ? undefined : (JSON.parse(row.owner_record) as OperatorRecord);
}
