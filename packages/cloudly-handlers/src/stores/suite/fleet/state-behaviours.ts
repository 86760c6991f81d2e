import type { FleetStore, SweptNode } from '../../../fleet-store/fleet-store.js';
import { behaviour, type FleetStoreBehaviour, sharedBehaviour } from '../behaviour.js';
import { expectEqual } from '../expect-equal.js';
import { addNode, nodeRecord, NOW_MS } from '../fixtures.js';
import { addLabelled, asAda, by, ADA, heardAt, lastPosition, listed, toldSince } from './fleet-fixtures.js';

const MINUTE_MS = 60_000;
/** Some node's last heartbeat was then; the next one was expected two minutes later. */
const lateAtMs = NOW_MS + 3 * MINUTE_MS;
const offlineAtMs = NOW_MS + 6 * MINUTE_MS;

export const stateBehaviours: readonly FleetStoreBehaviour[] = [
  behaviour(
    'shows where a node stands as soon as its record or its first heartbeat says so',
    async (store: FleetStore) => {
      const states: string[] = [];
      const note = async () => void states.push((await listed(store, 'n')).state);
      const revision = async () => (await store.findNode('n'))?.node.revision ?? 0;
      await addNode(store, nodeRecord('n'));
      await note();
      await asAda(store).replaceNode(nodeRecord('n', { approvedAtMs: NOW_MS }));
      await note();
      await store.saveReport('n', heardAt(1, NOW_MS));
      await note();
      const revoked = nodeRecord('n', { revision: await revision(), approvedAtMs: NOW_MS, revokedAtMs: NOW_MS });
      await asAda(store).replaceNode(revoked);
      await note();
      await asAda(store).replaceNode(nodeRecord('n', { revision: await revision(), approvedAtMs: NOW_MS }));
      await note();
      expectEqual('its states', states, ['pending', 'never-seen', 'online', 'revoked', 'online']);
    },
  ),

  behaviour('finds nodes late and then offline, and shows since when they are quiet', async (store: FleetStore) => {
    await addLabelled(store, 'n');
    await store.saveReport('n', heardAt(1, NOW_MS));
    const shown = async () => {
      const { state, quietSinceMs, lastHeartbeatAtMs } = await listed(store, 'n');
      return { state, quietSinceMs, lastHeartbeatAtMs };
    };
    const before = await lastPosition(store);
    expectEqual('in time', await sweepAll(store, NOW_MS + MINUTE_MS), []);
    expectEqual('in time, it', await shown(), { state: 'online', lastHeartbeatAtMs: NOW_MS });
    expectEqual('late', await sweepAll(store, lateAtMs), [{ nodeId: 'n', from: 'online', to: 'late' }]);
    const quiet = { quietSinceMs: NOW_MS, lastHeartbeatAtMs: NOW_MS };
    expectEqual('late, it', await shown(), { state: 'late', ...quiet });
    expectEqual('again', await sweepAll(store, lateAtMs), []);
    expectEqual('offline', await sweepAll(store, offlineAtMs), [{ nodeId: 'n', from: 'late', to: 'offline' }]);
    expectEqual('offline, it', await shown(), { state: 'offline', ...quiet });
    const details = { lastHeartbeatAtMs: NOW_MS };
    expectEqual('what is told', await toldSince(store, before), [
      { actor: 'system', nodeId: 'n', kind: 'node-late', details },
      { actor: 'system', nodeId: 'n', kind: 'node-offline', details },
    ]);
  }),

  behaviour('brings a node back with its next heartbeat', async (store: FleetStore) => {
    await addLabelled(store, 'n');
    await store.saveReport('n', heardAt(1, NOW_MS));
    await sweepAll(store, offlineAtMs);
    const before = await lastPosition(store);
    const backAtMs = offlineAtMs + MINUTE_MS;
    await store.saveReport('n', heardAt(2, backAtMs));
    const { state, quietSinceMs } = await listed(store, 'n');
    expectEqual('it', { state, quietSinceMs }, { state: 'online' });
    expectEqual('what is told', await toldSince(store, before), [
      { actor: 'node:n', nodeId: 'n', kind: 'node-back', details: { from: 'offline', quietMs: backAtMs - NOW_MS } },
    ]);
    expectEqual('swept at once', await sweepAll(store, backAtMs + 1), []);
    const lateAgain = await sweepAll(store, backAtMs + 3 * MINUTE_MS);
    expectEqual('late again', lateAgain, [{ nodeId: 'n', from: 'online', to: 'late' }]);
  }),

  behaviour('excuses every node for two of its intervals from the start of Cloudly', async (store: FleetStore) => {
    await addLabelled(store, 'n');
    await store.saveReport('n', heardAt(1, NOW_MS));
    const upSinceMs = offlineAtMs;
    expectEqual('at the start', await sweepAll(store, offlineAtMs, upSinceMs), []);
    expectEqual('late', await sweepAll(store, upSinceMs + 3 * MINUTE_MS, upSinceMs), [
      { nodeId: 'n', from: 'online', to: 'late' },
    ]);
  }),

  behaviour('leaves it to a sweep to find a node late whose record is changed', async (store: FleetStore) => {
    await addLabelled(store, 'n');
    await store.saveReport('n', heardAt(1, NOW_MS));
    const before = await lastPosition(store);
    const { node } = (await store.findNode('n')) ?? {};
    const changed = node && { ...node, rotationDemandedAtMs: offlineAtMs };
    if (changed) await store.as(by(ADA, { nowMs: offlineAtMs })).replaceNode(changed);
    expectEqual('changed, its state', (await listed(store, 'n')).state, 'online');
    expectEqual('swept', await sweepAll(store, offlineAtMs), [{ nodeId: 'n', from: 'online', to: 'offline' }]);
    const told = (await toldSince(store, before)).map(({ kind }) => kind);
    expectEqual('what is told', told, ['node-rotation-demanded', 'node-offline']);
  }),

  behaviour('never finds nodes late that may not send heartbeats, or never sent one', async (store: FleetStore) => {
    await addNode(store, nodeRecord('pending'));
    await addLabelled(store, 'never-seen');
    await addLabelled(store, 'revoked');
    await store.saveReport('revoked', heardAt(1, NOW_MS));
    const { node } = (await store.findNode('revoked')) ?? {};
    if (node) await store.replaceNode({ ...node, revokedAtMs: NOW_MS });
    expectEqual('much later', await sweepAll(store, NOW_MS + 1000 * MINUTE_MS), []);
    const states = ['pending', 'never-seen', 'revoked'].map(async (nodeId) => (await listed(store, nodeId)).state);
    expectEqual('their states', await Promise.all(states), ['pending', 'never-seen', 'revoked']);
  }),

  behaviour('sweeps some nodes at a time, and says whether there are more', async (store: FleetStore) => {
    const nodeIds = ['a', 'b', 'c', 'd', 'e'];
    for (const nodeId of nodeIds) {
      await addLabelled(store, nodeId);
      await store.saveReport(nodeId, heardAt(1, NOW_MS));
    }
    const moved: string[] = [];
    for (let count = 1; count <= nodeIds.length; count += 1) {
      const swept = await store.sweep({ nowMs: offlineAtMs, upSinceMs: 0, limit: 2 });
      expectEqual('at most two', swept.moved.length <= 2, true);
      moved.push(...swept.moved.map(({ nodeId }) => nodeId));
      if (!swept.isMore) break;
    }
    expectEqual('all that moved', moved.toSorted(byText), nodeIds);
  }),

  sharedBehaviour('finds each node late once, however many processes sweep', async (store: FleetStore, other) => {
    const nodeIds = Array.from({ length: 12 }, (_, index) => `n${index}`).toSorted(byText);
    for (const nodeId of nodeIds) {
      await addLabelled(store, nodeId);
      await store.saveReport(nodeId, heardAt(1, NOW_MS));
    }
    const before = await lastPosition(store);
    const swept = await Promise.all(
      [store, other, store, other].map((each) => each.sweep({ nowMs: lateAtMs, upSinceMs: 0, limit: 100 })),
    );
    const moved = swept.flatMap((each) => each.moved.map(({ nodeId }) => nodeId));
    expectEqual('those that moved', moved.toSorted(byText), nodeIds);
    const told = (await toldSince(store, before)).map(({ kind, nodeId }) => `${kind} ${nodeId}`);
    expectEqual(
      'what is told',
      told.toSorted(byText),
      nodeIds.map((nodeId) => `node-late ${nodeId}`),
    );
  }),

  behaviour('selects and sorts by what was found', async (store: FleetStore) => {
    for (const [nodeId, heardMs] of [
      ['a', NOW_MS],
      ['b', NOW_MS - MINUTE_MS],
      ['c', lateAtMs],
    ] as const) {
      await addLabelled(store, nodeId);
      await store.saveReport(nodeId, heardAt(1, heardMs));
    }
    await addLabelled(store, 'never');
    await sweepAll(store, lateAtMs);
    const operator = store.as(by(ADA, { nowMs: lateAtMs }));
    const late = { terms: [{ field: 'state', isNot: false, anyOf: ['late'] } as const] };
    expectEqual('how many are late', await operator.countFleet({ selector: late, max: 10 }), 2);
    const quiet = { terms: [{ field: 'seen', isNot: false, comparison: '>', durationMs: 3.5 * MINUTE_MS } as const] };
    const sort = { by: 'seen', isDescending: false } as const;
    const ids = async (selector: typeof late | typeof quiet | { terms: [] }) =>
      (await operator.listFleet({ selector, sort, limit: 10 })).nodes.map(({ facts }) => facts.nodeId);
    expectEqual('those that are quiet for long', await ids(quiet), ['b']);
    expectEqual('all, by how long', await ids({ terms: [] }), ['never', 'b', 'a', 'c']);
  }),
];

/** Sweeps until nothing is left to find. */
async function sweepAll(store: FleetStore, nowMs: number, upSinceMs = 0): Promise<SweptNode[]> {
  const moved: SweptNode[] = [];
  for (;;) {
    const swept = await store.sweep({ nowMs, upSinceMs, limit: 100 });
    moved.push(...swept.moved);
    if (!swept.isMore) return moved;
  }
}

function byText(one: string, other: string): number {
  return one < other ? -1 : 1;
}
