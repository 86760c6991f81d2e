import { describe, expect, test } from 'vitest';
import { stores } from '../../test/fixtures/stores.js';
import { freezeJoinTokens } from './freeze-join-tokens.js';
import { createJoinToken } from './create-join-token.js';
import { joinTokenRecord, NOW_MS } from '../stores/suite/fixtures.js';

function now(): number {
  return NOW_MS;
}

const backupTakenAtMs = Date.UTC(2030, 0);

describe.each(stores)('frozen join tokens ($name)', ({ openStore }) => {
  test('are all those that admit nodes, with the reason for operators', async () => {
    const store = await openStore();
    const counted = joinTokenRecord('counted', { maxUses: 5, usedCount: 4 });
    const frozen = {
      ...counted,
      revokedAtMs: NOW_MS,
      revokedReason: 'its uses since the backup of 2030-01-01T00:00:00.000Z are not known',
    };
    const [used, expired, revoked] = [
      joinTokenRecord('used', { maxUses: 1, usedCount: 1 }),
      joinTokenRecord('expired', { expiresAtMs: NOW_MS }),
      joinTokenRecord('revoked', { revokedAtMs: 1 }),
    ];
    for (const joinToken of [counted, used, expired, revoked]) await store.addJoinToken(joinToken);

    expect(await freezeJoinTokens(store, { backupTakenAtMs, now })).toEqual([frozen]);
    expect(await store.listJoinTokens()).toEqual([frozen, used, expired, revoked]);
    expect(await freezeJoinTokens(store, { backupTakenAtMs, now })).toEqual([]);
  });

  test('do not include tokens that somebody else revokes meanwhile', async () => {
    const store = await openStore();
    const { record } = await createJoinToken(store, { now });
    const listJoinTokens = async () => {
      const listed = await store.listJoinTokens();
      await store.revokeJoinToken(record.id, NOW_MS, 'lost');
      return listed;
    };
    expect(await freezeJoinTokens({ ...store, listJoinTokens }, { backupTakenAtMs, now })).toEqual([]);
    expect(await store.findJoinToken(record.id)).toMatchObject({ revokedReason: 'lost' });
  });

  test('do not include one that is made afterwards', async () => {
    const store = await openStore();
    await createJoinToken(store, { now });
    await freezeJoinTokens(store, { backupTakenAtMs, now });
    const { record } = await createJoinToken(store, { now });
    expect(await store.findJoinToken(record.id)).toEqual(record);
  });
});
