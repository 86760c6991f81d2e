import { behaviour, type NodeStoreBehaviour } from './behaviour.js';
import { expectEqual } from './expect-equal.js';
import { joinTokenRecord, NOW_MS } from './fixtures.js';
import { scribbleOver } from './scribble-over.js';

export const joinTokenBehaviours: readonly NodeStoreBehaviour[] = [
  behaviour('keeps a whole join token', async (store) => {
    const joinToken = joinTokenRecord('a', {
      maxUses: 3,
      usedCount: 1,
      requiresApproval: true,
      maxPending: 2,
      revokedAtMs: NOW_MS,
      revokedReason: 'lost',
    });
    await store.addJoinToken(joinToken);
    expectEqual('the join token', await store.findJoinToken('a'), joinToken);
    expectEqual('an unknown one', await store.findJoinToken('A'), undefined);
  }),

  behaviour('rejects a second join token with the same ID', async (store) => {
    await store.addJoinToken(joinTokenRecord('a'));
    const outcome = await store.addJoinToken(joinTokenRecord('a', { hash: 'another' })).then(
      () => 'kept',
      () => 'rejected',
    );
    expectEqual('the second', outcome, 'rejected');
    expectEqual('the first', await store.findJoinToken('a'), joinTokenRecord('a'));
  }),

  behaviour('lists join tokens, the oldest first', async (store) => {
    expectEqual('an empty list', await store.listJoinTokens(), []);
    const [newer, oldest, newest] = [
      joinTokenRecord('a', { createdAtMs: 2 }),
      joinTokenRecord('b', { createdAtMs: 1 }),
      joinTokenRecord('c', { createdAtMs: 3 }),
    ];
    for (const joinToken of [newer, oldest, newest]) await store.addJoinToken(joinToken);
    expectEqual('the list', await store.listJoinTokens(), [oldest, newer, newest]);
  }),

  behaviour('revokes a join token once', async (store) => {
    await store.addJoinToken(joinTokenRecord('a'));
    const revoked = joinTokenRecord('a', { revokedAtMs: 5 });
    expectEqual('the revoked token', await store.revokeJoinToken('a', 5), revoked);
    expectEqual('revoked again', await store.revokeJoinToken('a', 6), revoked);
    expectEqual('found', await store.findJoinToken('a'), revoked);
    expectEqual('an unknown one', await store.revokeJoinToken('b', 5), undefined);

    await store.addJoinToken(joinTokenRecord('c'));
    const lost = joinTokenRecord('c', { revokedAtMs: 5, revokedReason: 'lost' });
    expectEqual('revoked with a reason', await store.revokeJoinToken('c', 5, 'lost'), lost);
    expectEqual('with another one', await store.revokeJoinToken('c', 6, 'stolen'), lost);
    expectEqual('without one', await store.revokeJoinToken('a', 6, 'stolen'), revoked);
    expectEqual('found with its reason', await store.findJoinToken('c'), lost);
  }),

  behaviour('accepts and returns join tokens as copies', async (store) => {
    const joinToken = joinTokenRecord('a');
    await store.addJoinToken(joinToken);
    joinToken.maxUses = 0;
    const found = await store.findJoinToken('a');
    if (found) found.maxUses = 0;
    for (const listed of await store.listJoinTokens()) listed.maxUses = 0;
    expectEqual('the join token', await store.findJoinToken('a'), joinTokenRecord('a'));
    scribbleOver(await store.revokeJoinToken('a', 5));
    expectEqual('once revoked', await store.findJoinToken('a'), joinTokenRecord('a', { revokedAtMs: 5 }));
  }),
];
