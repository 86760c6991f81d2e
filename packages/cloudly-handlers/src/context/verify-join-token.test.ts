import { describe, expect, test } from 'vitest';
import { createCloudly } from '../../test/fixtures/cloudly.js';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
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
    const { status, problem } = await cloudly.register(createEmulatedNode().registration(), joinToken);
    return problem ? `${status} ${problem.code}` : status;
  };

  test('admits nodes by tokens that the store does not know, while the store counts their uses', async () => {
    const cloudly = createCloudly(await openStore(), { verifyJoinToken });
    const outcomes = [];
    for (let count = 0; count < 3; count += 1) outcomes.push(await register(cloudly, 'ours'));
    expect(outcomes).toEqual([201, 201, '401 join-token-used']);
    expect(await cloudly.store.listJoinTokens()).toMatchObject([{ id: 'campaign', maxUses: 2, usedCount: 2 }]);
  });

  test('admits no more nodes than its token has uses, even if many register at once', async () => {
    const cloudly = createCloudly(await openStore(), { verifyJoinToken });
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => register(cloudly, 'ours')));
    expect(outcomes.filter((outcome) => outcome === 201)).toHaveLength(2);
  });

  test('may require approval', async () => {
    const cloudly = createCloudly(await openStore(), { verifyJoinToken });
    expect(await register(cloudly, 'ours-to-approve')).toBe(202);
  });

  test('rejects with its own code', async () => {
    const cloudly = createCloudly(await openStore(), { verifyJoinToken });
    const device = createEmulatedNode();
    const { problem } = await cloudly.register(device.registration(), 'ours-of-before');
    expect(problem).toMatchObject({ code: 'join-token-expired', detail: `Not for ${device.nodeId}.` });
  });

  test('leaves unknown tokens to the store', async () => {
    const cloudly = createCloudly(await openStore(), { verifyJoinToken });
    expect(await register(cloudly, await cloudly.createJoinToken())).toBe(201);
    expect(await register(cloudly, 'nobody’s'.replace('’', ''))).toBe('401 join-token-unknown');
  });

  test('is not called for a node that proves itself with its key', async () => {
    const asked: string[] = [];
    const cloudly = createCloudly(await openStore(), {
      verifyJoinToken: (joinToken, claim) => {
        asked.push(claim.nodeId);
        return verifyJoinToken(joinToken, claim);
      },
    });
    const device = createEmulatedNode();
    await cloudly.register(device.registration(), 'ours');
    await cloudly.register(device.registration(), 'ours');
    expect(asked).toEqual([device.nodeId]);
  });

  test('can have its tokens revoked in the store', async () => {
    const cloudly = createCloudly(await openStore(), { verifyJoinToken });
    await register(cloudly, 'ours');
    await cloudly.store.revokeJoinToken('campaign', cloudly.now());
    expect(await register(cloudly, 'ours')).toBe('401 join-token-revoked');
  });

  test('that fails causes a 503, and its reason is not sent', async () => {
    const cloudly = createCloudly(await openStore(), {
      verifyJoinToken: () => Promise.reject(new Error('ldap at 10.0.0.7')),
    });
    const { status, problem } = await cloudly.register(createEmulatedNode().registration(), 'ours');
    expect([status, JSON.stringify(problem).includes('ldap')]).toEqual([503, false]);
    expect(cloudly.errors.map(String)).toEqual(['Error: ldap at 10.0.0.7']);
  });
});
