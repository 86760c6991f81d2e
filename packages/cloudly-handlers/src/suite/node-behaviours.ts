import { behaviour, type FleetStoreBehaviour } from './behaviour.js';
import { expectEqual } from './expect-equal.js';
import { addNode, heartbeatReport, issued, nodeRecord, NOW_MS, runtimeStatus, superseded } from './fixtures.js';

export const nodeBehaviours: readonly FleetStoreBehaviour[] = [
  behaviour('replaces a node whole, and counts its revision up', async (store) => {
    await addNode(store, nodeRecord('n', { nextToken: issued('a') }));
    const full = nodeRecord('n', {
      registrationKeyHash: 'another key',
      approvalCode: 'ZZZZ9999',
      approvedAtMs: NOW_MS + 1,
      revokedAtMs: NOW_MS + 2,
      currentToken: issued('b'),
      nextToken: issued('c'),
      bootId: 'boot-3',
      supersededBoots: [superseded('boot-2', 7), superseded('boot-1', 0)],
    });
    expectEqual('replaced', await store.replaceNode(full), true);
    expectEqual('the node', (await store.findNode('n'))?.node, { ...full, revision: 2 });

    const bare = nodeRecord('n', { revision: 2 });
    expectEqual('replaced again', await store.replaceNode(bare), true);
    expectEqual('what the last one lacks is gone', (await store.findNode('n'))?.node, { ...bare, revision: 3 });
  }),

  behaviour('replaces no node that was changed since it was read, and none it does not know', async (store) => {
    await addNode(store, nodeRecord('n'));
    await store.replaceNode(nodeRecord('n', { approvedAtMs: 1 }));
    expectEqual('an old revision', await store.replaceNode(nodeRecord('n', { revokedAtMs: 2 })), false);
    expectEqual('a revision to come', await store.replaceNode(nodeRecord('n', { revision: 3 })), false);
    expectEqual('the node', (await store.findNode('n'))?.node, nodeRecord('n', { revision: 2, approvedAtMs: 1 }));
    expectEqual('an unknown node', await store.replaceNode(nodeRecord('m')), false);
    expectEqual('is not made', await store.findNode('m'), undefined);
  }),

  behaviour('lets one change win when many start from the same revision', async (store) => {
    await addNode(store, nodeRecord('n'));
    const attempts = Array.from({ length: 12 }, (_, index) =>
      store.replaceNode(nodeRecord('n', { nextToken: issued(`token-${index}`) })),
    );
    const winners = (await Promise.all(attempts)).flatMap((won, index) => (won ? [index] : []));
    expectEqual('the number of winners', winners.length, 1);
    const node = nodeRecord('n', { revision: 2, nextToken: issued(`token-${winners[0]}`) });
    expectEqual('the node', (await store.findNode('n'))?.node, node);
  }),

  behaviour('finds a node by the hash of its current and of its next token', async (store) => {
    await addNode(store, nodeRecord('n', { nextToken: issued('a') }));
    await addNode(store, nodeRecord('m', { nextToken: issued('z') }));
    const find = async (token: string) => (await store.findNodeByTokenHash(issued(token).hash))?.node.nodeId;
    expectEqual('by next', await find('a'), 'n');

    await store.replaceNode(nodeRecord('n', { currentToken: issued('a'), nextToken: issued('b') }));
    expectEqual('by current', await find('a'), 'n');
    expectEqual('by the new next', await find('b'), 'n');

    await store.replaceNode(nodeRecord('n', { revision: 2, currentToken: issued('b'), revokedAtMs: NOW_MS }));
    expectEqual('by a token that was replaced', await find('a'), undefined);
    expectEqual('by the token of a revoked node', await find('b'), 'n');
    expectEqual('by the token of the other node', await find('z'), 'm');
    expectEqual('by nothing', await store.findNodeByTokenHash(''), undefined);
  }),

  behaviour('lists nodes page by page, in the order of their IDs', async (store) => {
    expectEqual('an empty list', await store.listNodes({ limit: 10 }), []);
    for (const nodeId of ['b', 'a.2', 'B', 'a-1', '10']) await addNode(store, nodeRecord(nodeId));
    await store.saveReport('B', heartbeatReport(1, { status: runtimeStatus('b'), statusHash: 'h' }));
    const list = async (page: { afterNodeId?: string; limit: number }) =>
      (await store.listNodes(page)).map(({ node }) => node.nodeId);
    expectEqual('all', await list({ limit: 100 }), ['10', 'B', 'a-1', 'a.2', 'b']);
    expectEqual('the first page', await list({ limit: 2 }), ['10', 'B']);
    expectEqual('the next page', await list({ limit: 2, afterNodeId: 'B' }), ['a-1', 'a.2']);
    expectEqual('the last page', await list({ limit: 2, afterNodeId: 'a.2' }), ['b']);
    expectEqual('a node in it', (await store.listNodes({ limit: 1, afterNodeId: '10' }))[0], await store.findNode('B'));
  }),

  behaviour('gives and takes nodes as copies', async (store) => {
    const node = nodeRecord('n', { nextToken: issued('a'), supersededBoots: [superseded('boot-0', 3)] });
    await addNode(store, node);
    const expected = structuredClone(node);
    Object.assign(node.supersededBoots[0] ?? {}, { lastSequence: 99 });
    (await store.findNode('n'))?.node.supersededBoots.push(superseded('changed', 1));
    (await store.findNodeByTokenHash(issued('a').hash))?.node.supersededBoots.push(superseded('changed', 1));
    expectEqual('the node', (await store.findNode('n'))?.node, expected);
  }),
];
