import type { NodeStore } from '../../fleet/node-store.js';
import { behaviour, type NodeStoreBehaviour } from './behaviour.js';
import { expectEqual } from './expect-equal.js';
import { addNode, issued, joinTokenRecord, nodeRecord, NOW_MS } from './fixtures.js';

const unusable = {
  'used up': { maxUses: 2, usedCount: 2 },
  revoked: { revokedAtMs: NOW_MS },
  'expired just now': { expiresAtMs: NOW_MS },
} as const;

export const newNodeBehaviours: readonly NodeStoreBehaviour[] = [
  behaviour('creates a node and counts one use of its join token', async (store) => {
    await store.addJoinToken(joinTokenRecord('join', { usedCount: 4 }));
    const node = nodeRecord('n', { approvedAtMs: NOW_MS, nextToken: issued('next') });
    expectEqual('the outcome', await store.createNode(node, NOW_MS), 'created');
    expectEqual('the node', await store.findNode('n'), { node });
    expectEqual('the join token', await store.findJoinToken('join'), joinTokenRecord('join', { usedCount: 5 }));
  }),

  behaviour('does not create a node twice, and counts no use for the second attempt', async (store) => {
    await addNode(store, nodeRecord('n'));
    const outcome = await store.createNode(nodeRecord('n', { registrationKeyHash: 'another' }), NOW_MS);
    expectEqual('the outcome', outcome, 'node-exists');
    expectEqual('the node', await store.findNode('n'), { node: nodeRecord('n') });
    expectEqual('the uses', (await store.findJoinToken('join'))?.usedCount, 1);
  }),

  ...Object.entries(unusable).map(([name, changes]) =>
    behaviour(`does not create a node with a join token that is ${name}`, async (store) => {
      const joinToken = joinTokenRecord('join', changes);
      await store.addJoinToken(joinToken);
      expectEqual('the outcome', await store.createNode(nodeRecord('n'), NOW_MS), 'join-token-not-usable');
      expectEqual('the node', await store.findNode('n'), undefined);
      expectEqual('the join token', await store.findJoinToken('join'), joinToken);
    }),
  ),

  behaviour('does not create a node with an unknown join token', async (store) => {
    expectEqual('the outcome', await store.createNode(nodeRecord('n'), NOW_MS), 'join-token-not-usable');
    expectEqual('the node', await store.findNode('n'), undefined);
  }),

  behaviour('admits as many of many simultaneous nodes as the join token has uses', async (store) => {
    await store.addJoinToken(joinTokenRecord('join', { maxUses: 3 }));
    const nodeIds = Array.from({ length: 12 }, (_, index) => `n${index}`);
    const outcomes = await Promise.all(nodeIds.map((nodeId) => store.createNode(nodeRecord(nodeId), NOW_MS)));
    expectEqual('those let in', outcomes.filter((outcome) => outcome === 'created').length, 3);
    expectEqual('those kept', (await store.listNodes({ limit: 100 })).length, 3);
    expectEqual('the uses', (await store.findJoinToken('join'))?.usedCount, 3);
  }),

  behaviour('creates one node when one ID arrives many times at once', async (store) => {
    await store.addJoinToken(joinTokenRecord('join'));
    const attempts = Array.from({ length: 12 }, () => store.createNode(nodeRecord('n'), NOW_MS));
    const outcomes = await Promise.all(attempts);
    expectEqual('those made', outcomes.filter((outcome) => outcome === 'created').length, 1);
    expectEqual('the others', outcomes.filter((outcome) => outcome === 'node-exists').length, 11);
    expectEqual('the uses', (await store.findJoinToken('join'))?.usedCount, 1);
  }),

  behaviour('limits how many nodes of a join token wait for approval', async (store) => {
    await store.addJoinToken(joinTokenRecord('join', { requiresApproval: true, maxPending: 2 }));
    await store.addJoinToken(joinTokenRecord('other', { requiresApproval: true }));
    await store.createNode(nodeRecord('elsewhere', { joinTokenId: 'other' }), NOW_MS);
    const nodeIds = Array.from({ length: 12 }, (_, index) => `n${index}`);
    const outcomes = await Promise.all(nodeIds.map((nodeId) => store.createNode(nodeRecord(nodeId), NOW_MS)));
    expectEqual('those let in', outcomes.filter((outcome) => outcome === 'created').length, 2);
    expectEqual('the others', outcomes.filter((outcome) => outcome === 'too-many-pending').length, 10);
    expectEqual('the uses', (await store.findJoinToken('join'))?.usedCount, 2);
    const approved = nodeRecord('approved', { approvedAtMs: NOW_MS });
    expectEqual('one that does not wait', await store.createNode(approved, NOW_MS), 'created');
  }),

  ...Object.entries({
    approved: (store: NodeStore) => store.replaceNode(nodeRecord('n', { approvedAtMs: NOW_MS })),
    revoked: (store: NodeStore) => store.replaceNode(nodeRecord('n', { revokedAtMs: NOW_MS })),
    removed: (store: NodeStore) => store.removeNode('n'),
  }).map(([name, end]) =>
    behaviour(`admits the next node to wait for approval when an earlier one was ${name}`, async (store) => {
      await store.addJoinToken(joinTokenRecord('join', { maxPending: 1 }));
      await store.createNode(nodeRecord('n'), NOW_MS);
      expectEqual('too early', await store.createNode(nodeRecord('m'), NOW_MS), 'too-many-pending');
      await end(store);
      expectEqual('the next', await store.createNode(nodeRecord('m'), NOW_MS), 'created');
    }),
  ),
];
