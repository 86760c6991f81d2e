import { describe, expect, test } from 'vitest';
import { stores } from '../../test/fixtures/stores.js';
import { ADA, toldSince } from '../stores/suite/fleet/fleet-fixtures.js';
import {
  apiTokenRecord,
  invitationRecord,
  operatorRecord,
  saveAccounts,
  sessionRecord,
} from '../stores/suite/accounts/account-fixtures.js';
import { NOW_MS } from '../stores/suite/fixtures.js';
import { freezeAccounts } from './freeze-accounts.js';

describe.for(stores)('the accounts of a restored fleet, on $name', ({ openStore }) => {
  test('end their sessions and invitations, and lose their tokens, but keep their passwords', async () => {
    const store = await openStore();
    const operators = [operatorRecord('ada'), operatorRecord('ben')];
    const over = [
      apiTokenRecord('revoked', { revokedAtMs: NOW_MS, revokedReason: 'lost' }),
      apiTokenRecord('expired', { expiresAtMs: NOW_MS }),
    ];
    const invitations = [invitationRecord('i'), invitationRecord('first', { offers: { kind: 'first' } })];
    const sessions = [sessionRecord('a'), sessionRecord('b')];
    await saveAccounts(store.accounts, {
      operators,
      apiTokens: [apiTokenRecord('ci'), ...over],
      invitations,
      sessions,
    });

    const frozen = await freezeAccounts(store.accounts, { backupTakenAtMs: 0, actor: ADA, now: () => NOW_MS });
    const revokedReason = 'what was revoked since the backup of 1970-01-01T00:00:00.000Z is not known';
    const ci = apiTokenRecord('ci', { revokedAtMs: NOW_MS, revokedReason });
    expect(frozen).toEqual({ apiTokens: [ci], invitations, sessionCount: 2 });
    const left = { operators, apiTokens: [ci, ...over], invitations: [], sessions: [] };
    expect(await store.accounts.read()).toEqual(left);
    expect(await toldSince(store, 0)).toEqual([
      { actor: ADA, kind: 'sessions-ended', details: { name: 'ada', count: 2 } },
      { actor: ADA, kind: 'invitation-revoked', details: { name: 'ben' } },
      { actor: ADA, kind: 'invitation-revoked', details: {} },
      { actor: ADA, kind: 'api-token-revoked', details: { apiTokenId: 'id of ci', name: 'ci', reason: revokedReason } },
    ]);

    const again = await freezeAccounts(store.accounts, { backupTakenAtMs: 0, now: () => NOW_MS });
    expect(again).toEqual({ apiTokens: [], invitations: [], sessionCount: 0 });
    expect(await store.accounts.read()).toEqual(left);
  });
});
