import type { FleetStore, OperatorStore } from '../../../fleet-store/fleet-store.js';
import type { SeenMemberQuery } from '../../../fleet-store/rollout-store.js';
import { behaviour, type FleetStoreBehaviour } from '../behaviour.js';
import { expectEqual } from '../expect-equal.js';
import { NOW_MS, superseded } from '../fixtures.js';
import { addLabelled, asAda, heardAt, listed, scopeOf } from './fleet-fixtures.js';
import {
  begin,
  beginOffered,
  change,
  commandFor,
  idsOf,
  memberOf,
  offeredMember,
  rolloutRecord,
} from './rollout-fixtures.js';

/** Of the members of rollouts, as they are kept and found. */
export const memberBehaviours: readonly FleetStoreBehaviour[] = [
  behaviour('keeps members as they become, and lists them', async (store: FleetStore) => {
    const operator = asAda(store);
    const held = ['a', 'b', 'c', 'd'].map((nodeId) => memberOf(nodeId));
    await begin(operator, rolloutRecord('r'), held);
    await begin(operator, rolloutRecord('s'), [memberOf('b'), memberOf('e')]);
    const whole = memberOf('b', {
      wave: 1,
      group: 'berlin "mitte"',
      rank: '0f',
      state: 'deferred',
      reason: 'not-listed',
      sinceMs: NOW_MS + 5,
      waitUntilMs: NOW_MS + 9,
      offerCount: 3,
      failureCount: 2,
      commandId: 'b-3',
      isHolding: true,
    });
    const failed = memberOf('d', { wave: 1, state: 'failed', reason: 'interrupted' });
    await change(operator, 'r', { members: [whole, failed] });
    const list = (query: Parameters<OperatorStore['listMembers']>[1]) => operator.listMembers('r', query);
    const [a, , c] = held;
    expectEqual('all', await list({ limit: 10 }), [a, whole, c, failed]);
    expectEqual('two', await list({ limit: 2 }), [a, whole]);
    expectEqual('those after', await list({ afterNodeId: 'b', limit: 2 }), [c, failed]);
    expectEqual('of some states', await list({ states: ['failed', 'held'], limit: 10 }), [a, c, failed]);
    expectEqual('the second of them', await list({ states: ['failed', 'held'], afterNodeId: 'a', limit: 1 }), [c]);
    expectEqual('of no state', await list({ states: [], limit: 10 }), []);
    expectEqual('of a wave', await list({ wave: 1, limit: 10 }), [whole, failed]);
    expectEqual('of a group', await list({ group: 'berlin "mitte"', limit: 10 }), [whole]);
    expectEqual('without a group', await list({ group: '', states: ['failed'], limit: 10 }), [failed]);
    await change(operator, 'r', { members: [memberOf('b')] });
    expectEqual('without what is absent', await list({ afterNodeId: 'a', limit: 1 }), [memberOf('b')]);
    expectEqual('of another rollout', await idsOf(operator.listMembers('s', { limit: 10 })), ['b', 'e']);
    expectEqual('of none', await operator.listMembers('t', { limit: 10 }), []);
  }),

  behaviour(
    'adds members that are not there yet, and removes all of them first if asked',
    async (store: FleetStore) => {
      const operator = asAda(store);
      await begin(operator, rolloutRecord('r'), [memberOf('a'), memberOf('b')]);
      await begin(operator, rolloutRecord('s'), [memberOf('b')]);
      const added = ['b', 'c'].map((nodeId) => memberOf(nodeId, { wave: 1 }));
      expectEqual('kept', await change(operator, 'r', { added }), true);
      const waves = async () =>
        (await operator.listMembers('r', { limit: 10 })).map(({ nodeId, wave }) => [nodeId, wave]);
      expectEqual('those that are there stay', await waves(), [
        ['a', 0],
        ['b', 0],
        ['c', 1],
      ]);
      await change(operator, 'r', { added, isCleared: true });
      expectEqual('anew', await waves(), [
        ['b', 1],
        ['c', 1],
      ]);
      expectEqual('those of another', await idsOf(operator.listMembers('s', { limit: 10 })), ['b']);
    },
  ),

  behaviour('shows a plan the members in flight, with their commands and nodes', async (store: FleetStore) => {
    await beginOffered(store, ['a', 'b']);
    const operator = asAda(store);
    await store.saveReport('a', heardAt(1, NOW_MS + 7));
    await store.offerCommands('a', NOW_MS + 8, 1);
    const running = offeredMember('a', { state: 'running' });
    const ended = memberOf('c', { state: 'succeeded', commandId: 'c-1' });
    await change(operator, 'r', { members: [running, ended] });
    await store.removeNode('b');
    const [a, b, ...others] = await operator.readMembers('r', { which: 'in-flight' });
    expectEqual('how many there are beside', others.length, 0);
    const lastHeartbeat = (await store.findNode('a'))?.lastHeartbeat;
    const command = { ...commandFor('a'), listedAtMs: NOW_MS + 8 };
    expectEqual('the first', a, { member: running, command, node: await listed(store, 'a'), lastHeartbeat });
    expectEqual('its last heartbeat', lastHeartbeat?.receivedAtMs, NOW_MS + 7);
    expectEqual('one whose node is forgotten', b, { member: offeredMember('b') });
  }),

  behaviour('finds held members by their ranks, without those of some groups', async (store: FleetStore) => {
    const operator = asAda(store);
    await begin(operator, rolloutRecord('r'), [
      memberOf('a', { wave: 1, rank: '0', group: 'x' }),
      memberOf('b', { wave: 1, rank: '1' }),
      memberOf('c', { wave: 0, rank: '3', group: 'x' }),
      memberOf('d', { wave: 0, rank: '2', group: 'y' }),
      memberOf('e', { wave: 0, rank: '1', state: 'deferred' }),
      memberOf('f', { wave: 2, rank: '0' }),
    ]);
    const held = (query: Partial<Extract<SeenMemberQuery, { which: 'held' }>>) =>
      idsOf(operator.readMembers('r', { which: 'held', wavesTo: 1, withoutGroups: [], limit: 10, ...query }));
    expectEqual('of two waves', await held({}), ['d', 'c', 'a', 'b']);
    expectEqual('of the first', await held({ wavesTo: 0 }), ['d', 'c']);
    expectEqual('three', await held({ limit: 3 }), ['d', 'c', 'a']);
    expectEqual('without a group', await held({ withoutGroups: ['x', 'none'] }), ['d', 'b']);
    expectEqual('without those that have none', await held({ withoutGroups: [''] }), ['d', 'c', 'a']);
  }),

  behaviour('finds deferred members whose nodes are back, or gone', async (store: FleetStore) => {
    const operator = asAda(store);
    const nodeIds = ['away', 'clone', 'elsewhere', 'full', 'late', 'now', 'waits'];
    const cloned = { cloneSuspectedAtMs: NOW_MS, supersededBoots: [superseded('boot-0', 1)] };
    for (const nodeId of nodeIds) {
      await addLabelled(store, nodeId, {}, nodeId === 'clone' ? cloned : {});
      if (nodeId !== 'away') await store.saveReport(nodeId, heardAt(1, NOW_MS));
    }
    const holding = memberOf('elsewhere', { isHolding: true });
    await begin(operator, rolloutRecord('s'), [memberOf('elsewhere'), memberOf('now')]);
    await change(operator, 's', { members: [holding] });
    const ranks = ['7', '6', '5', '4', '3', '2', '1'];
    const members = [...nodeIds, 'gone'].map((nodeId, index) =>
      memberOf(nodeId, {
        state: 'deferred',
        rank: ranks[index] ?? '0',
        ...(nodeId === 'full' && { group: 'full' }),
        ...(nodeId === 'late' && { waitUntilMs: NOW_MS }),
        ...(nodeId === 'waits' && { waitUntilMs: NOW_MS + 1 }),
      }),
    );
    await begin(operator, rolloutRecord('r'), [...members, memberOf('held')]);
    const back = (changes: { nowMs?: number; withoutGroups?: string[]; limit?: number }) =>
      operator.readMembers('r', { which: 'back', nowMs: NOW_MS, withoutGroups: ['full'], limit: 10, ...changes });
    expectEqual('now', await idsOf(back({})), ['gone', 'late', 'now']);
    expectEqual('one', await idsOf(back({ limit: 1 })), ['gone']);
    expectEqual('then', await idsOf(back({ nowMs: NOW_MS + 1 })), ['gone', 'late', 'now', 'waits']);
    expectEqual('of every group', await idsOf(back({ withoutGroups: [] })), ['full', 'gone', 'late', 'now']);
    const [elsewhere] = await operator.readMembers('r', { which: 'named', nodeIds: ['elsewhere'] });
    expectEqual('who holds a node', elsewhere?.heldBy, 's');
    const [own] = await operator.readMembers('s', { which: 'named', nodeIds: ['elsewhere'] });
    expectEqual('its own hold', own?.heldBy, undefined);
  }),

  behaviour('finds members that were deferred for too long, the longest first', async (store: FleetStore) => {
    const operator = asAda(store);
    await begin(operator, rolloutRecord('r'), [
      memberOf('a', { state: 'deferred', sinceMs: NOW_MS - 2 }),
      memberOf('b', { state: 'deferred', sinceMs: NOW_MS - 3, waitUntilMs: NOW_MS + 9 }),
      memberOf('c', { state: 'deferred', sinceMs: NOW_MS }),
      memberOf('d', { state: 'held', sinceMs: NOW_MS - 9 }),
    ]);
    const overdue = (sinceBeforeMs: number, limit = 10) =>
      idsOf(operator.readMembers('r', { which: 'overdue', sinceBeforeMs, limit }));
    expectEqual('since before', await overdue(NOW_MS), ['b', 'a']);
    expectEqual('one', await overdue(NOW_MS, 1), ['b']);
    expectEqual('none', await overdue(NOW_MS - 3), []);
  }),

  behaviour('finds members by what became of them, and by their IDs', async (store: FleetStore) => {
    await beginOffered(store, ['a', 'b', 'c', 'd']);
    const operator = asAda(store);
    for (const nodeId of ['a', 'c', 'd']) {
      await store.saveCommandResults(nodeId, [{ id: `${nodeId}-1`, outcome: 'succeeded' }], NOW_MS);
    }
    const unknown = { state: 'unknown', reason: 'no-result' } as const;
    const members = ['d', 'c', 'b'].map((nodeId) => memberOf(nodeId, { ...unknown, commandId: `${nodeId}-1` }));
    const strange = memberOf('c', { state: 'unknown', commandId: 'c-1' });
    const other = memberOf('d', { ...unknown, commandId: 'd-2' });
    const failed = memberOf('a', { state: 'failed', commandId: 'a-1' });
    await change(operator, 'r', { members: [...members, failed] });
    const found = (query: SeenMemberQuery) => idsOf(operator.readMembers('r', query));
    expectEqual('whose result came late', await found({ which: 'late', limit: 10 }), ['c', 'd']);
    expectEqual('one of them', await found({ which: 'late', limit: 1 }), ['c']);
    await change(operator, 'r', { members: [other] });
    expectEqual('of their last offer', await found({ which: 'late', limit: 10 }), ['c']);
    await change(operator, 'r', { members: [strange] });
    expectEqual('and not those that had one', await found({ which: 'late', limit: 10 }), []);
    expectEqual('that ended badly', await found({ which: 'ended-badly', limit: 3 }), ['a', 'b', 'c']);
    expectEqual('by their IDs', await found({ which: 'named', nodeIds: ['d', 'nobody', 'a'] }), ['a', 'd']);
    expectEqual('by no ID', await found({ which: 'named', nodeIds: [] }), []);
  }),

  behaviour('keeps the members of nodes that are forgotten', async (store: FleetStore) => {
    await addLabelled(store, 'a');
    await begin(asAda(store), rolloutRecord('r'), [memberOf('a')]);
    await store.removeNode('a');
    const query = { which: 'named', nodeIds: ['a'] } as const;
    expectEqual('the member', await asAda(store).readMembers('r', query), [{ member: memberOf('a') }]);
    const skipped = memberOf('a', { state: 'skipped', reason: 'node-forgotten' });
    expectEqual('is kept', await change(asAda(store), 'r', { members: [skipped] }), true);
    expectEqual('then', await asAda(store).listMembers('r', { limit: 10 }), [skipped]);
  }),

  behaviour('finds the memberships of a node in rollouts that are not over', async (store: FleetStore) => {
    const operator = asAda(store);
    const states = ['starting', 'running', 'paused', 'finished', 'stopped'] as const;
    for (const [index, state] of states.entries()) {
      const rollout = rolloutRecord(state, { state, createdAtMs: NOW_MS - index });
      await begin(operator, rollout, [memberOf('a', { wave: index }), memberOf('b')]);
    }
    const found = await operator.findMemberships('a');
    expectEqual(
      'those of a',
      found.map(({ rollout, member }) => [rollout.id, member]),
      [
        ['paused', memberOf('a', { wave: 2 })],
        ['running', memberOf('a', { wave: 1 })],
        ['starting', memberOf('a')],
      ],
    );
    expectEqual('the whole rollout', found[0]?.rollout, await operator.findRollout('paused'));
    expectEqual('those of nobody', await operator.findMemberships('c'), []);
  }),

  behaviour('finds nodes that a selector matches and that are no members', async (store: FleetStore) => {
    const operator = asAda(store);
    for (const nodeId of ['d', 'c', 'b', 'a']) await addLabelled(store, nodeId, { site: 'berlin' });
    await addLabelled(store, 'e', { site: 'bonn' });
    await begin(operator, rolloutRecord('r'), [memberOf('b')]);
    await begin(operator, rolloutRecord('s'), [memberOf('c')]);
    const berlin = scopeOf('site', 'berlin');
    expectEqual('those', await operator.findNewMembers('r', berlin, 10), ['a', 'c', 'd']);
    expectEqual('two', await operator.findNewMembers('r', berlin, 2), ['a', 'c']);
    expectEqual('of all nodes', await operator.findNewMembers('r', { terms: [] }, 10), ['a', 'c', 'd', 'e']);
    expectEqual('of an unknown rollout', await operator.findNewMembers('t', berlin, 10), []);
  }),
];
