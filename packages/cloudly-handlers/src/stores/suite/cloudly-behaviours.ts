import { cloudlyIdSchema } from '@serve.zone/baseos-contracts';
import { behaviour, type NodeStoreBehaviour, sharedBehaviour } from './behaviour.js';
import { expectEqual } from './expect-equal.js';
import {
  addNode,
  commandRecord,
  heartbeatReport,
  issued,
  joinTokenRecord,
  nodeRecord,
  NOW_MS,
  runtimeStatus,
} from './fixtures.js';

export const cloudlyBehaviours: readonly NodeStoreBehaviour[] = [
  behaviour('has one ID for its Cloudly, in the form of the contract', async (store) => {
    const cloudlyId = await store.cloudlyId();
    expectEqual('asked again', await store.cloudlyId(), cloudlyId);
    const result = await cloudlyIdSchema['~standard'].validate(cloudlyId);
    expectEqual('its faults', result.issues, undefined);
  }),

  behaviour('tests whether it can write, and changes nothing else', async (store) => {
    const cloudlyId = await store.cloudlyId();
    for (let count = 0; count < 3; count += 1) await store.probe(NOW_MS + count);
    expectEqual('the ID', await store.cloudlyId(), cloudlyId);
    expectEqual('the nodes', await store.listNodes({ limit: 10 }), []);
    expectEqual('the join tokens', await store.listJoinTokens(), []);
  }),

  {
    name: 'gives another ID to another Cloudly',
    async run(openStore) {
      const [one, other] = [await openStore(), await openStore()];
      const same = (await one.store.cloudlyId()) === (await other.store.cloudlyId());
      await one.close();
      await other.close();
      expectEqual('the same ID', same, false);
    },
  },

  {
    name: 'has all its data after it was closed and opened again',
    async run(openStore) {
      const { store, openAgain, close } = await openStore();
      const read = async (from: typeof store) => [
        await from.cloudlyId(),
        await from.listJoinTokens(),
        await from.listNodes({ limit: 10 }),
        await from.findStatus('n'),
        await from.listHistory('n', 'detail'),
        await from.listCommands('n', 10),
      ];
      await addNode(store, nodeRecord('n', { nextToken: issued('a') }));
      await store.replaceNode(nodeRecord('n', { currentToken: issued('a') }));
      await store.saveReport('n', heartbeatReport(1, { status: runtimeStatus('a'), statusHash: 'h' }));
      await store.saveReport('n', heartbeatReport(2, { receivedAtMs: NOW_MS + 600_000 }));
      await store.addCommand('n', commandRecord('c'));
      const expected = await read(store);
      await close();
      if (!openAgain) return;
      const again = await openAgain();
      const actual = await read(again.store);
      await again.close();
      expectEqual('what it has', actual, expected);
    },
  },

  sharedBehaviour('is one Cloudly in two processes', async (store, other) => {
    const firstUses = Array.from({ length: 12 }, (_, index) => (index % 2 ? store : other).cloudlyId());
    expectEqual('the IDs at first use', new Set(await Promise.all(firstUses)).size, 1);
    expectEqual('its ID', await other.cloudlyId(), await store.cloudlyId());
    expectEqual('its ID from then on', await store.cloudlyId(), await firstUses[0]);
  }),

  sharedBehaviour('shows a change by one process to the other process at once', async (store, other) => {
    await addNode(store, nodeRecord('n', { nextToken: issued('a') }));
    expectEqual('a new node', (await other.findNodeByTokenHash(issued('a').hash))?.node.nodeId, 'n');
    await other.replaceNode(nodeRecord('n', { revokedAtMs: NOW_MS, nextToken: issued('a') }));
    expectEqual('a revocation', (await store.findNode('n'))?.node.revokedAtMs, NOW_MS);
    await other.revokeJoinToken('join', NOW_MS);
    expectEqual('another', await store.createNode(nodeRecord('m'), NOW_MS), 'join-token-not-usable');
  }),

  sharedBehaviour('keeps one result for a command, whichever process receives it', async (store, other) => {
    await addNode(store, nodeRecord('n'));
    await store.addCommand('n', commandRecord('c'));
    expectEqual('offered', (await other.offerCommands('n', NOW_MS, 16)).length, 1);
    const taken = await Promise.all([
      store.saveCommandResults('n', [{ id: 'c', outcome: 'succeeded' }], NOW_MS),
      other.saveCommandResults('n', [{ id: 'c', outcome: 'failed' }], NOW_MS),
    ]);
    expectEqual('the results taken', taken.flat().length, 1);
    expectEqual('the command', await other.listCommands('n', 1), taken.flat());
    expectEqual('offered again', await other.offerCommands('n', NOW_MS, 16), []);
  }),

  sharedBehaviour('keeps the newest of many heartbeats that two processes receive', async (store, other) => {
    await addNode(store, nodeRecord('n'));
    const sequences = [7, 2, 12, 5, 1, 11, 9, 3, 8, 10, 4, 6];
    const heartbeats = sequences.map((sequence) => heartbeatReport(sequence));
    await Promise.all(heartbeats.map((report, index) => (index % 2 ? store : other).saveReport('n', report)));
    expectEqual('the heartbeat', (await other.findNode('n'))?.lastHeartbeat, heartbeatReport(12));
  }),

  sharedBehaviour('counts the uses of a join token across two processes', async (store, other) => {
    await store.addJoinToken(joinTokenRecord('join', { maxUses: 5 }));
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, index) => (index % 2 ? store : other).createNode(nodeRecord(`n${index}`), NOW_MS)),
    );
    expectEqual('those let in', outcomes.filter((outcome) => outcome === 'created').length, 5);
    expectEqual('the uses', (await other.findJoinToken('join'))?.usedCount, 5);
  }),

  sharedBehaviour('lets one change win when two processes start from the same revision', async (store, other) => {
    await addNode(store, nodeRecord('n'));
    const outcomes = await Promise.all([
      store.replaceNode(nodeRecord('n', { nextToken: issued('a') })),
      other.replaceNode(nodeRecord('n', { nextToken: issued('b') })),
    ]);
    expectEqual('the winners', outcomes.filter(Boolean).length, 1);
    const nextToken = issued(outcomes[0] ? 'a' : 'b');
    expectEqual('the node', (await store.findNode('n'))?.node, nodeRecord('n', { revision: 2, nextToken }));
  }),
];
