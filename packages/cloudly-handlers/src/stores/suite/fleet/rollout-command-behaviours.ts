import type { FleetStore } from '../../../fleet-store/fleet-store.js';
import { behaviour, type FleetStoreBehaviour, sharedBehaviour } from '../behaviour.js';
import { expectEqual } from '../expect-equal.js';
import { NOW_MS } from '../fixtures.js';
import { ADA, addLabelled, allEvents, asAda, BEN, by, lastPosition, toldSince } from './fleet-fixtures.js';
import {
  begin,
  beginOffered,
  change,
  changeOf,
  commandFor,
  idsOf,
  inOrder,
  memberOf,
  offeredMember,
  rolloutRecord,
} from './rollout-fixtures.js';

const HOUR_MS = 3_600_000;

/** Of the commands of rollouts, and of who holds a node. */
export const rolloutCommandBehaviours: readonly FleetStoreBehaviour[] = [
  behaviour('queues the commands that a change offers, and tells of all that it is', async (store: FleetStore) => {
    await addLabelled(store, 'a');
    const operator = asAda(store);
    const read = await begin(operator, rolloutRecord('r'), [memberOf('a')]);
    const before = await lastPosition(store);
    const [wave, member] = [
      { kind: 'rollout-wave-begun', details: { rolloutId: 'r', name: 'r', wave: 0, memberCount: 1 } },
      {
        nodeId: 'a',
        kind: 'rollout-member-moved',
        details: { rolloutId: 'r', wave: 0, from: 'held', to: 'offered' },
      },
    ] as const;
    const ben = store.as(by(BEN, { nowMs: NOW_MS + 4 }));
    const offer = { members: [offeredMember('a')], offered: [{ nodeId: 'a', command: commandFor('a') }] };
    expectEqual('kept', await ben.changeRollout(changeOf(read, { ...offer, events: [wave, member] })), true);
    expectEqual('the command', await operator.findCommand('a', 'a-1'), commandFor('a'));
    const details = { commandId: 'a-1', command: 'update', commit: 'c0ffee', rolloutId: 'r' };
    const queued = { kind: 'command-queued', nodeId: 'a', details };
    expectEqual('what is told', await toldSince(store, before), [
      { actor: BEN, ...wave },
      { actor: BEN, ...member },
      { actor: BEN, ...queued },
    ]);
    const instants = (await allEvents(store)).filter(({ position }) => position > before).map(({ atMs }) => atMs);
    expectEqual('when', instants, [NOW_MS + 4, NOW_MS + 4, NOW_MS + 4]);
    const timeline = await operator.listEvents({ nodeId: 'a', limit: 2 });
    expectEqual(
      'the timeline of the node',
      timeline.map(({ kind }) => kind),
      ['command-queued', 'rollout-member-moved'],
    );
    expectEqual('what the node gets', (await store.offerCommands('a', NOW_MS, 9))[0]?.id, 'a-1');
  }),

  behaviour('offers a node nothing that it does not have, or has already', async (store: FleetStore) => {
    await beginOffered(store, ['a', 'b']);
    const operator = asAda(store);
    const before = await lastPosition(store);
    const second = { nodeId: 'b', command: { ...commandFor('b'), id: 'b-2' } };
    const offer = (nodeId: string) => ({
      members: [memberOf('a', { state: 'skipped' })],
      offered: [second, { nodeId, command: commandFor(nodeId) }],
    });
    expectEqual('to a stranger', await change(operator, 'r', offer('stranger')), false);
    expectEqual('again', await change(operator, 'r', offer('a')), false);
    await store.removeNode('a');
    expectEqual('to a forgotten one', await change(operator, 'r', offer('a')), false);
    expectEqual('what else it gets', await operator.findCommand('b', 'b-2'), undefined);
    const states = (await operator.listMembers('r', { limit: 9 })).map(({ state }) => state);
    expectEqual('the members', states, ['offered', 'offered']);
    const told = (await toldSince(store, before)).map(({ kind }) => kind);
    expectEqual('what is told', told, ['node-forgotten']);
  }),

  behaviour('withdraws commands that no answer has listed', async (store: FleetStore) => {
    await beginOffered(store, ['a', 'b']);
    const before = await lastPosition(store);
    const members = ['a', 'b'].map((nodeId) => offeredMember(nodeId, { state: 'held', reason: 'withdrawn' }));
    const withdrawn = ['b', 'a'].map((nodeId) => ({ nodeId, commandId: `${nodeId}-1` }));
    expectEqual('kept', await change(asAda(store, NOW_MS + 3), 'r', { members, withdrawn }), true);
    expectEqual('the command', await store.findCommand('a', 'a-1'), {
      ...commandFor('a'),
      cancelledAtMs: NOW_MS + 3,
    });
    expectEqual(
      'what the nodes get',
      [await store.offerCommands('a', NOW_MS, 9), await store.offerCommands('b', NOW_MS, 9)],
      [[], []],
    );
    const told = (nodeId: string) => ({
      actor: ADA,
      nodeId,
      kind: 'command-cancelled',
      details: { commandId: `${nodeId}-1`, command: 'update' },
    });
    expectEqual('what is told', await toldSince(store, before), [told('b'), told('a')]);
  }),

  behaviour('keeps nothing of a change that withdraws what was listed or has ended', async (store: FleetStore) => {
    const nodeIds = ['free', 'listed', 'cancelled', 'done', 'over'];
    await beginOffered(store, [...nodeIds, 'gone']);
    const operator = asAda(store);
    await store.offerCommands('listed', NOW_MS, 9);
    await operator.cancelCommand('cancelled', 'cancelled-1', NOW_MS);
    await store.saveCommandResults('done', [{ id: 'done-1', outcome: 'refused' }], NOW_MS);
    const later = { ...commandFor('free'), id: 'free-2', expiresAtMs: NOW_MS + HOUR_MS };
    await change(operator, 'r', { offered: [{ nodeId: 'free', command: later }] });
    await store.removeNode('gone');
    await store.endCommands(NOW_MS + HOUR_MS - 1, 99);
    const before = await lastPosition(store);
    const withdraw = (nodeId: string, commandId: string) =>
      change(operator, 'r', {
        members: [memberOf('free', { state: 'skipped' })],
        withdrawn: [
          { nodeId: 'free', commandId: 'free-2' },
          { nodeId, commandId },
        ],
      });
    for (const nodeId of ['listed', 'cancelled', 'done', 'over', 'gone']) {
      expectEqual(`one that is ${nodeId}`, await withdraw(nodeId, `${nodeId}-1`), false);
    }
    expectEqual('an unknown one', await withdraw('listed', 'listed-2'), false);
    expectEqual('the other', (await operator.findCommand('free', 'free-2'))?.cancelledAtMs, undefined);
    const [free] = await operator.readMembers('r', { which: 'named', nodeIds: ['free'] });
    expectEqual('its member', free?.member.state, 'offered');
    expectEqual('what is told', await toldSince(store, before), []);
    const withdrawn = [{ nodeId: 'free', commandId: 'free-2' }];
    expectEqual('without them', await change(operator, 'r', { withdrawn }), true);
  }),

  behaviour('cancels commands that were listed, and leaves those that have ended', async (store: FleetStore) => {
    const nodeIds = ['listed', 'cancelled', 'done'];
    await beginOffered(store, nodeIds);
    const operator = asAda(store);
    for (const nodeId of nodeIds) await store.offerCommands(nodeId, NOW_MS, 9);
    await operator.cancelCommand('cancelled', 'cancelled-1', NOW_MS + 1);
    await store.saveCommandResults('done', [{ id: 'done-1', outcome: 'failed' }], NOW_MS);
    const before = await lastPosition(store);
    const cancelled = [...nodeIds, 'gone'].map((nodeId) => ({ nodeId, commandId: `${nodeId}-1` }));
    expectEqual('kept', await change(asAda(store, NOW_MS + 9), 'r', { cancelled }), true);
    const instants = await Promise.all(
      nodeIds.map(async (nodeId) => (await operator.findCommand(nodeId, `${nodeId}-1`))?.cancelledAtMs),
    );
    expectEqual('when', instants, [NOW_MS + 9, NOW_MS + 1, undefined]);
    const details = { commandId: 'listed-1', command: 'update' };
    expectEqual('what is told', await toldSince(store, before), [
      { actor: ADA, nodeId: 'listed', kind: 'command-cancelled', details },
    ]);
  }),

  behaviour('lets one rollout hold a node until that ends', async (store: FleetStore) => {
    await beginOffered(store, ['a']);
    const operator = asAda(store);
    await begin(operator, rolloutRecord('s'), [memberOf('a'), memberOf('b')]);
    const hold = () => change(operator, 's', { members: [memberOf('b', { isHolding: true }), offeredMember('a')] });
    expectEqual('meanwhile', await hold(), false);
    expectEqual('the other member', (await operator.listMembers('s', { limit: 9 }))[1], memberOf('b'));
    expectEqual('as a member', await change(operator, 's', { members: [memberOf('a')] }), true);
    await change(operator, 'r', { members: [memberOf('a', { state: 'succeeded' })] });
    expectEqual('afterwards', await hold(), true);
    const [member] = await operator.readMembers('r', { which: 'named', nodeIds: ['a'] });
    expectEqual('who holds it', member?.heldBy, 's');
  }),

  behaviour('releases members that have no command', async (store: FleetStore) => {
    const operator = asAda(store);
    const states = ['held', 'offered', 'running', 'deferred'] as const;
    await begin(operator, rolloutRecord('r'), []);
    await begin(operator, rolloutRecord('s'), []);
    const holding = (state: (typeof states)[number]) => memberOf(state, { state, isHolding: true });
    await change(operator, 'r', { members: states.map(holding) });
    await change(operator, 's', { members: [memberOf('other', { isHolding: true })] });
    const ended = memberOf('running', { state: 'failed', isHolding: true });
    expectEqual('kept', await change(operator, 'r', { members: [ended], isReleased: true }), true);
    const held = (await operator.listMembers('r', { limit: 9 })).filter(({ isHolding }) => isHolding);
    expectEqual(
      'what it holds',
      held.map(({ nodeId }) => nodeId),
      ['offered'],
    );
    expectEqual('what another holds', (await operator.listMembers('s', { limit: 9 }))[0]?.isHolding, true);
  }),

  sharedBehaviour('lets one of two rollouts hold a node that both take at a time', async (store: FleetStore, other) => {
    const nodeIds = Array.from({ length: 12 }, (_, index) => `n${index + 10}`);
    for (const nodeId of nodeIds) await addLabelled(store, nodeId);
    for (const id of ['r', 's'])
      await begin(
        asAda(store),
        rolloutRecord(id),
        nodeIds.map((nodeId) => memberOf(nodeId)),
      );
    const takeSome = async (each: FleetStore, id: string, nodes: readonly string[]): Promise<boolean> =>
      change(asAda(each), id, {
        members: nodes.map((nodeId) => offeredMember(nodeId)),
        offered: nodes.map((nodeId) => ({ nodeId, command: { ...commandFor(nodeId, id), id: `${nodeId}-${id}` } })),
      });
    for (let first = 0; first < nodeIds.length; first += 2) {
      const both = nodeIds.slice(first, first + 2);
      const kept = await Promise.all([takeSome(store, 'r', both), takeSome(other, 's', both.toReversed())]);
      expectEqual('how many are kept', kept.filter(Boolean).length, 1);
    }
    const inFlight = await Promise.all(
      ['r', 's'].map((id) => idsOf(asAda(other).readMembers(id, { which: 'in-flight' }))),
    );
    expectEqual('all of them', inOrder(inFlight.flat()), nodeIds);
    const counts = await Promise.all(nodeIds.map(async (nodeId) => (await store.listCommands(nodeId, 9)).length));
    expectEqual(
      'how many commands each has',
      counts,
      nodeIds.map(() => 1),
    );
  }),

  sharedBehaviour('withdraws a command or has it listed, but never both', async (store: FleetStore, other) => {
    const nodeIds = Array.from({ length: 20 }, (_, index) => `n${index + 10}`);
    await beginOffered(store, nodeIds);
    for (const nodeId of nodeIds) {
      const withdrawn = [{ nodeId, commandId: `${nodeId}-1` }];
      const members = [offeredMember(nodeId, { state: 'held' })];
      const [listed, isWithdrawn] = await Promise.all([
        other.offerCommands(nodeId, NOW_MS, 9),
        change(asAda(store), 'r', { withdrawn, members }),
      ]);
      const command = await store.findCommand(nodeId, `${nodeId}-1`);
      expectEqual('whether it was listed', listed.length === 1, !isWithdrawn);
      expectEqual('what is kept of that', command?.listedAtMs !== undefined, !isWithdrawn);
      expectEqual('whether it is cancelled', command?.cancelledAtMs !== undefined, isWithdrawn);
    }
  }),

  sharedBehaviour('shows every process what a change has kept', async (store: FleetStore, other) => {
    await beginOffered(store, ['a']);
    const operator = asAda(other);
    expectEqual('the rollout', await operator.findRollout('r'), rolloutRecord('r', { revision: 2 }));
    const [seen] = await operator.readMembers('r', { which: 'in-flight' });
    expectEqual('the member', seen?.member, offeredMember('a'));
    expectEqual('its command', seen?.command, commandFor('a'));
    const running = offeredMember('a', { state: 'running' });
    expectEqual('a change of the other', await change(operator, 'r', { members: [running] }), true);
    expectEqual('seen by the first', await asAda(store).listMembers('r', { limit: 9 }), [running]);
  }),
];
