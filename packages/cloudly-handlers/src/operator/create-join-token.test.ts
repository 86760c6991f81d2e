import { describe, expect, test } from 'vitest';
import type { JoinTokenRecord } from '../fleet/join-token-record.js';
import { createJoinToken } from './create-join-token.js';
import { joinTokenState } from '../fleet/join-token.js';
import { createMemoryStore } from '../stores/memory/memory-store.js';

const DAY_MS = 24 * 3_600_000;

describe('createJoinToken', () => {
  test('makes a token for one node and one day by default', async () => {
    const store = createMemoryStore();
    const { joinToken, record } = await createJoinToken(store, { now: () => 1000 });
    expect(record).toEqual({
      id: joinToken.split('_')[1],
      hash: expect.stringMatching(/^[\da-f]{64}$/),
      createdAtMs: 1000,
      expiresAtMs: 1000 + DAY_MS,
      maxUses: 1,
      usedCount: 0,
      requiresApproval: false,
    });
    expect(await store.findJoinToken(record.id)).toEqual(record);
  });

  test('makes a different token every time', async () => {
    const store = createMemoryStore();
    const made = await Promise.all([createJoinToken(store), createJoinToken(store)]);
    expect(new Set(made.map(({ joinToken }) => joinToken)).size).toBe(2);
  });

  test('makes a token that never expires on request', async () => {
    const { record } = await createJoinToken(createMemoryStore(), { expiresInMs: Number.MAX_SAFE_INTEGER });
    expect(new Date(record.expiresAtMs).getUTCFullYear()).toBe(275_760);
  });

  test.for([
    { uses: 0 },
    { uses: 1.5 },
    { uses: Number.NaN },
    { expiresInMs: 0 },
    { expiresInMs: -1 },
    { maxPending: 0 },
  ])('rejects %j', async (options) => {
    const store = createMemoryStore();
    await expect(createJoinToken(store, options)).rejects.toThrow(TypeError);
    expect(await store.listJoinTokens()).toEqual([]);
  });
});

describe('joinTokenState', () => {
  const joinToken: JoinTokenRecord = {
    id: 'a',
    hash: 'h',
    createdAtMs: 0,
    expiresAtMs: 1000,
    maxUses: 2,
    usedCount: 1,
    requiresApproval: false,
  };

  test.for([
    ['usable', {}, 999],
    ['expired', {}, 1000],
    ['used', { usedCount: 2 }, 0],
    ['used', { usedCount: 2 }, 1000],
    ['revoked', { revokedAtMs: 5 }, 0],
    ['revoked', { revokedAtMs: 5, usedCount: 2 }, 1000],
  ] as const)('is %s for %j at %i', ([state, changes, nowMs]) => {
    expect(joinTokenState({ ...joinToken, ...changes }, nowMs)).toBe(state);
  });
});
