import { describe, expect, test } from 'vitest';
import { ada, berlinAdmin, berliner, boss, codeOf } from '../../test/fixtures/fleet-callers.js';
import { createFleet } from '../create-fleet.js';
import { createMemoryStore } from '../stores/memory/memory-store.js';
import { nodeRecord, NOW_MS } from '../stores/suite/fixtures.js';

function setUp(scopedLabelKeys: string[] = []) {
  const store = createMemoryStore();
  return { store, fleet: createFleet({ store, now: () => NOW_MS, scopedLabelKeys: () => scopedLabelKeys }) };
}

describe('a join token', () => {
  test('has a description, labels for its nodes, and who created it; its hash stays in the store', async () => {
    const { fleet, store } = setUp();
    const { joinToken, record } = await fleet.createJoinToken(ada, { description: 'Shop A', labels: { shop: 'a' } });
    expect(record).toEqual({
      id: joinToken.split('_')[1],
      createdAtMs: NOW_MS,
      expiresAtMs: NOW_MS + 24 * 3_600_000,
      maxUses: 1,
      usedCount: 0,
      requiresApproval: false,
      description: 'Shop A',
      labels: { shop: 'a' },
      createdBy: 'operator:ada',
    });
    expect(await fleet.listJoinTokens(ada)).toEqual([record]);
    await store.createNode(nodeRecord('n', { joinTokenId: record.id }), NOW_MS);
    expect((await fleet.getNode(ada, 'n')).labels).toEqual({ shop: 'a' });
  });

  test.each([{ uses: 0 }, { expiresInMs: 1.5 }, { maxPending: -1 }, { description: 'x'.repeat(201) }])(
    'is not made with %j',
    async (options) => {
      expect(await codeOf(setUp().fleet.createJoinToken(ada, options))).toBe('value-invalid');
    },
  );

  test('is not made with labels that no node has', async () => {
    expect(await codeOf(setUp().fleet.createJoinToken(ada, { labels: { 'a b': 'c' } }))).toBe('label-invalid');
  });

  test('is revoked by who created it, or by an admin', async () => {
    const { fleet } = setUp();
    const [first, second] = [await fleet.createJoinToken(ada), await fleet.createJoinToken(boss)];
    expect(await codeOf(fleet.revokeJoinToken(ada, second.record.id))).toBe('role-insufficient');
    expect((await fleet.revokeJoinToken(ada, first.record.id, 'lost')).revokedReason).toBe('lost');
    expect((await fleet.revokeJoinToken(boss, second.record.id)).revokedAtMs).toBe(NOW_MS);
    expect(await codeOf(fleet.revokeJoinToken(boss, 'nothing'))).toBe('join-token-unknown');
  });
});

describe('a join token of somebody with a scope', () => {
  test.each([
    ['an operator', berliner],
    ['an admin', berlinAdmin],
  ])('admits nodes into that scope alone, also of %s', async (_who, caller) => {
    const { fleet } = setUp();
    for (const labels of [undefined, {}, { site: 'bonn' }, { floor: '1' }]) {
      expect(await codeOf(fleet.createJoinToken(caller, { labels }))).toBe('label-out-of-scope');
    }
    const { record } = await fleet.createJoinToken(caller, { labels: { site: 'berlin', floor: '1' } });
    expect(record.labels).toEqual({ site: 'berlin', floor: '1' });
  });

  test('brings no node into the scope of others', async () => {
    const { fleet } = setUp(['site', 'customer']);
    const labels = { site: 'berlin', customer: 'acme' };
    expect(await codeOf(fleet.createJoinToken(berliner, { labels }))).toBe('label-reserved');
    expect(await codeOf(fleet.createJoinToken(ada, { labels }))).toBe('label-reserved');
    expect((await fleet.createJoinToken(boss, { labels })).record.labels).toEqual(labels);
    expect((await fleet.createJoinToken(berliner, { labels: { site: 'berlin' } })).record.labels).toEqual({
      site: 'berlin',
    });
  });
});
