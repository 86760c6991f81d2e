import { behaviour, type NodeStoreBehaviour } from './behaviour.js';
import { expectEqual } from './expect-equal.js';
import {
  addNode,
  commandRecord,
  heartbeatReport,
  issued,
  nodeRecord,
  NOW_MS,
  runtimeStatus,
  superseded,
} from './fixtures.js';
import { scribbleOver } from './scribble-over.js';

export const nodeBehaviours: readonly NodeStoreBehaviour[] = [
  behaviour('replaces a whole node, and increments its revision', async (store) => {
    await addNode(store, nodeRecord('n', { nextToken: issued('a') }));
    const full = nodeRecord('n', {
      registrationKeyHash: 'another key',
      approvalCode: 'ZZZZ9999',
      approvedAtMs: NOW_MS + 1,
      revokedAtMs: NOW_MS + 2,
      rebind: { approvalCode: 'ABCD-EFGH-JKMN-PQRS', untilMs: NOW_MS + 3 },
      rotationDemandedAtMs: NOW_MS + 4,
      cloneSuspectedAtMs: NOW_MS + 5,
      currentToken: issued('b'),
      nextToken: issued('c'),
      bootId: 'boot-3',
      supersededBoots: [
        { ...superseded('boot-2', 7), returned: { sequence: 8, atMs: NOW_MS } },
        superseded('boot-1', 0),
      ],
      cloneResolution: { atMs: NOW_MS + 6, claimantBootIds: ['boot-0'] },
    });
    expectEqual('replaced', await store.replaceNode(full), true);
    expectEqual('the node', (await store.findNode('n'))?.node, { ...full, revision: 2 });

    const { registrationKeyHash: _none, ...bare } = nodeRecord('n', { revision: 2 });
    expectEqual('replaced again', await store.replaceNode(bare), true);
    expectEqual('what the last one lacks is gone', (await store.findNode('n'))?.node, { ...bare, revision: 3 });
  }),

  behaviour('does not replace a node that was changed since it was read, or an unknown node', async (store) => {
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

  behaviour('finds a node by the hash of its current token and of its next token', async (store) => {
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

  behaviour('accepts and returns nodes as copies', async (store) => {
    const node = nodeRecord('n', { nextToken: issued('a'), supersededBoots: [superseded('boot-0', 3)] });
    await addNode(store, node);
    const expected = structuredClone(node);
    Object.assign(node.supersededBoots[0] ?? {}, { lastSequence: 99 });
    (await store.findNode('n'))?.node.supersededBoots.push(superseded('changed', 1));
    (await store.findNodeByTokenHash(issued('a').hash))?.node.supersededBoots.push(superseded('changed', 1));
    scribbleOver(await store.listNodes({ limit: 10 }));
    expectEqual('the node', (await store.findNode('n'))?.node, expected);
  }),

  behaviour('removes a node with all its data, and frees its ID and its tokens', async (store) => {
    const node = nodeRecord('n', { currentToken: issued('a'), nextToken: issued('b') });
    await addNode(store, node);
    await addNode(store, nodeRecord('m', { nextToken: issued('z') }));
    await store.saveReport('n', heartbeatReport(1, { status: runtimeStatus('a'), statusHash: 'h' }));
    await store.saveReport('n', heartbeatReport(2, { receivedAtMs: NOW_MS + 7_200_000 }));
    await store.addCommand('n', commandRecord('c'));
    expectEqual('removed', await store.removeNode('n'), true);
    expectEqual('removed again', await store.removeNode('n'), false);

    expectEqual('the node', await store.findNode('n'), undefined);
    expectEqual('by current', await store.findNodeByTokenHash(issued('a').hash), undefined);
    expectEqual('by next', await store.findNodeByTokenHash(issued('b').hash), undefined);
    expectEqual('its status', await store.findStatus('n'), undefined);
    expectEqual('its history', await store.listHistory('n', 'hours'), []);
    expectEqual('its commands', await store.listCommands('n', 10), []);
    expectEqual('a report', await store.saveReport('n', heartbeatReport(3)), false);
    expectEqual(
      'the list',
      (await store.listNodes({ limit: 10 })).map(({ node: { nodeId } }) => nodeId),
      ['m'],
    );

    await addNode(store, node);
    expectEqual('made anew', await store.findNode('n'), { node });
    expectEqual('its new history', await store.listHistory('n', 'hours'), []);
  }),

  behaviour('reports to one of many simultaneous removals that there was a node', async (store) => {
    await addNode(store, nodeRecord('n'));
    const removed = await Promise.all(Array.from({ length: 12 }, () => store.removeNode('n')));
    expectEqual('those told', removed.filter(Boolean).length, 1);
  }),

  behaviour('counts the nodes by their state', async (store) => {
    expectEqual('none', await store.countNodes(NOW_MS), { active: 0, online: 0, pending: 0, revoked: 0 });
    const approvedAtMs = NOW_MS;
    for (const nodeId of ['online', 'overdue', 'silent']) await addNode(store, nodeRecord(nodeId, { approvedAtMs }));
    for (const nodeId of ['pending', 'pending too', 'never approved']) await addNode(store, nodeRecord(nodeId));
    await addNode(store, nodeRecord('revoked', { approvedAtMs }));
    await store.saveReport('online', heartbeatReport(1, { expectedByMs: NOW_MS + 1 }));
    await store.saveReport('overdue', heartbeatReport(1, { expectedByMs: NOW_MS }));
    await store.saveReport('revoked', heartbeatReport(1, { expectedByMs: NOW_MS + 1 }));
    await store.replaceNode(nodeRecord('revoked', { approvedAtMs, revokedAtMs: NOW_MS }));
    await store.replaceNode(nodeRecord('never approved', { revokedAtMs: NOW_MS }));
    expectEqual('the counts', await store.countNodes(NOW_MS), { active: 3, online: 1, pending: 2, revoked: 2 });
  }),
];
