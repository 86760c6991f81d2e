import { describe, expect, test } from 'vitest';
import { createCloudly } from '../../test/fixtures/cloudly.js';
import { createDevice } from '../../test/fixtures/device.js';
import { stores } from '../../test/fixtures/stores.js';
import type { VerifyJoinToken } from './verify-join-token.js';

describe.for(stores)('verifyJoinToken, on $name', ({ openStore }) => {
  const verifyJoinToken: VerifyJoinToken = async (joinToken, { nodeId }) => {
    if (joinToken === 'ours') return { ok: true, joinToken: { id: 'campaign', maxUses: 2, requiresApproval: false } };
    if (joinToken === 'ours-to-approve') return { ok: true, joinToken: { id: 'careful', requiresApproval: true } };
    if (joinToken === 'ours-of-before') return { ok: false, code: 'join-token-expired', detail: `Not for ${nodeId}.` };
    return undefined;
  };
  const register = async (cloudly: ReturnType<typeof createCloudly>, joinToken: string) => {
    const { status, problem } = await cloudly.register((await createDevice()).registration(), joinToken);
    return problem ? `${status} ${problem.code}` : status;
  };

  test('lets nodes in by tokens that the store does not know, and the store counts their uses', async () => {
    const cloudly = createCloudly(await openStore(), { verifyJoinToken });
    const outcomes = [];
    for (let count = 0; count < 3; count += 1) outcomes.push(await register(cloudly, 'ours'));
    expect(outcomes).toEqual([201, 201, '401 join-token-used']);
    expect(await cloudly.store.listJoinTokens()).toMatchObject([{ id: 'campaign', maxUses: 2, usedCount: 2 }]);
  });

  test('lets no more nodes in than its token has uses when many come at once', async () => {
    const cloudly = createCloudly(await openStore(), { verifyJoinToken });
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => register(cloudly, 'ours')));
    expect(outcomes.filter((outcome) => outcome === 201)).toHaveLength(2);
  });

  test('may demand approval', async () => {
    const cloudly = createCloudly(await openStore(), { verifyJoinToken });
    expect(await register(cloudly, 'ours-to-approve')).toBe(202);
  });

  test('refuses with a code of its own', async () => {
    const cloudly = createCloudly(await openStore(), { verifyJoinToken });
    const device = await createDevice();
    const { problem } = await cloudly.register(device.registration(), 'ours-of-before');
    expect(problem).toMatchObject({ code: 'join-token-expired', detail: `Not for ${device.nodeId}.` });
  });

  test('leaves what it does not know to the store', async () => {
    const cloudly = createCloudly(await openStore(), { verifyJoinToken });
    expect(await register(cloudly, await cloudly.createJoinToken())).toBe(201);
    expect(await register(cloudly, 'nobody’s'.replace('’', ''))).toBe('401 join-token-unknown');
  });

  test('is not asked about a node that proves itself by its key', async () => {
    const asked: string[] = [];
    const cloudly = createCloudly(await openStore(), {
      verifyJoinToken: (joinToken, claim) => {
        asked.push(claim.nodeId);
        return verifyJoinToken(joinToken, claim);
      },
    });
    const device = await createDevice();
    await cloudly.register(device.registration(), 'ours');
    await cloudly.register(device.registration(), 'ours');
    expect(asked).toEqual([device.nodeId]);
  });

  test('has its tokens revoked in the store', async () => {
    const cloudly = createCloudly(await openStore(), { verifyJoinToken });
    await register(cloudly, 'ours');
    await cloudly.store.revokeJoinToken('campaign', cloudly.now());
    expect(await register(cloudly, 'ours')).toBe('401 join-token-revoked');
  });

  test('that fails costs a 503, and its reason stays here', async () => {
    const cloudly = createCloudly(await openStore(), {
      verifyJoinToken: () => Promise.reject(new Error('ldap at 10.0.0.7')),
    });
    const { status, problem } = await cloudly.register((await createDevice()).registration(), 'ours');
    expect([status, JSON.stringify(problem).includes('ldap')]).toEqual([503, false]);
    expect(cloudly.errors.map(String)).toEqual(['Error: ldap at 10.0.0.7']);
  });
});
