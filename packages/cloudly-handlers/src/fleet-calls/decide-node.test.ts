import { describe, expect, test } from 'vitest';
import { ada, boss, codeOf, vic } from '../../test/fixtures/fleet-callers.js';
import { createFleet } from '../create-fleet.js';
import { createMemoryStore } from '../stores/memory/memory-store.js';
import { approvedNode } from '../stores/suite/fleet/fleet-fixtures.js';
import { addNode, issued, nodeRecord, NOW_MS, superseded } from '../stores/suite/fixtures.js';

const CODE = '4T9W-0GZ7-KM2P-X6QA';
const OTHER_CODE = '0000-0000-0000-0000';

async function setUp() {
  const store = createMemoryStore();
  await addNode(store, nodeRecord('pending', { approvalCode: CODE }));
  await addNode(store, approvedNode('n', { currentToken: issued('a'), nextToken: issued('b') }));
  return { store, fleet: createFleet({ store, now: () => NOW_MS }) };
}

describe('an approval', () => {
  test('is made once, with the code that the device shows, in any spelling', async () => {
    const { fleet } = await setUp();
    expect(await codeOf(fleet.approve(ada, 'pending', { approvalCode: OTHER_CODE }))).toBe('approval-code-wrong');
    expect(await codeOf(fleet.approve(ada, 'pending', { approvalCode: 'nonsense' }))).toBe('value-invalid');
    const approval = await fleet.approve(ada, 'pending', { approvalCode: CODE.toLowerCase().replaceAll('-', ' ') });
    expect(approval).toMatchObject({ hasChanged: true, record: { approvedAtMs: NOW_MS, approvalCode: CODE } });
    expect((await fleet.approve(ada, 'pending')).hasChanged).toBe(false);
  });

  test('of a node that is revoked has to wait until that is lifted', async () => {
    const { fleet } = await setUp();
    await fleet.revoke(ada, 'pending');
    expect(await codeOf(fleet.approve(ada, 'pending'))).toBe('node-revoked');
    await fleet.unrevoke(boss, 'pending');
    expect((await fleet.approve(ada, 'pending')).hasChanged).toBe(true);
  });
});

test('an operator may reject a node that waits for approval, but revoke no other one', async () => {
  const { fleet } = await setUp();
  expect(await codeOf(fleet.revoke(ada, 'n'))).toBe('role-insufficient');
  expect((await fleet.revoke(ada, 'pending')).record.revokedAtMs).toBe(NOW_MS);
  expect((await fleet.revoke(boss, 'n')).hasChanged).toBe(true);
  expect((await fleet.revoke(boss, 'n')).hasChanged).toBe(false);
});

test('a decision shows the record without hashes', async () => {
  const { fleet } = await setUp();
  const { record } = await fleet.rotateToken(ada, 'n');
  expect(JSON.stringify(record)).not.toContain('hash');
  expect(record).toMatchObject({
    currentToken: { id: 'a', issuedAtMs: NOW_MS },
    nextToken: { id: 'b', issuedAtMs: NOW_MS },
    isLegacy: false,
    rotationDemandedAtMs: NOW_MS,
  });
});

describe('a rebind', () => {
  test('is allowed for the device with a code, for a day', async () => {
    const { fleet } = await setUp();
    const { record } = await fleet.allowRebind(boss, 'n', { approvalCode: OTHER_CODE });
    expect(record.rebind).toEqual({ approvalCode: OTHER_CODE, untilMs: NOW_MS + 24 * 3_600_000 });
    expect((await fleet.getNode(vic, 'n')).record.rebind).toEqual({ untilMs: NOW_MS + 24 * 3_600_000 });
  });

  test('needs a code, and a node that is not revoked', async () => {
    const { fleet } = await setUp();
    expect(await codeOf(fleet.allowRebind(boss, 'n', { approvalCode: 'nonsense' }))).toBe('value-invalid');
    await fleet.revoke(boss, 'n');
    expect(await codeOf(fleet.allowRebind(boss, 'n', { approvalCode: CODE }))).toBe('node-revoked');
  });
});

describe('two devices with one identity', () => {
  async function contested() {
    const set = await setUp();
    const returned = { ...superseded('boot-0', 5), returned: { sequence: 6, atMs: NOW_MS - 9 } };
    await addNode(set.store, approvedNode('two', { cloneSuspectedAtMs: NOW_MS, supersededBoots: [returned] }));
    return set;
  }

  test('are shown with the processes between which there is to choose', async () => {
    const { fleet } = await contested();
    expect((await fleet.getNode(vic, 'two')).rivals).toEqual([
      { bootId: 'boot-1' },
      { bootId: 'boot-0', lastSeenAtMs: NOW_MS - 9 },
    ]);
    expect((await fleet.getNode(vic, 'n')).rivals).toEqual([]);
  });

  test('are resolved by the choice of one of these, once', async () => {
    const { fleet } = await contested();
    await expect(fleet.resolveClone(boss, 'two', 'boot-9')).rejects.toMatchObject({
      code: 'rival-unknown',
      candidates: ['boot-1', 'boot-0'],
      remedy: 'Choose one of these: boot-1, boot-0.',
    });
    expect((await fleet.resolveClone(boss, 'two', 'boot-0')).record.bootId).toBe('boot-0');
    expect(await codeOf(fleet.resolveClone(boss, 'two', 'boot-0'))).toBe('rival-unknown');
  });
});

test('tokens are voided one by one, or all of them', async () => {
  const { fleet } = await setUp();
  expect((await fleet.voidTokens(boss, 'n', 'nothing')).hasChanged).toBe(false);
  expect((await fleet.voidTokens(boss, 'n', 'a')).record).not.toHaveProperty('currentToken');
  expect((await fleet.voidTokens(boss, 'n')).record).not.toHaveProperty('nextToken');
});

test('a mode that there is not is refused', async () => {
  const { fleet } = await setUp();
  expect(await codeOf(fleet.setUpdatesMode(ada, 'n', 'sometimes' as 'own'))).toBe('value-invalid');
  expect((await fleet.setUpdatesMode(ada, 'n', 'gated')).hasChanged).toBe(true);
  expect((await fleet.setUpdatesMode(ada, 'n', 'gated')).hasChanged).toBe(false);
});

test('a node that is forgotten is unknown', async () => {
  const { fleet } = await setUp();
  await fleet.forget(boss, 'n');
  expect(await codeOf(fleet.forget(boss, 'n'))).toBe('node-unknown');
  expect(await codeOf(fleet.getNode(boss, 'n'))).toBe('node-unknown');
});
