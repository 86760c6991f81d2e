import type { FleetStore, OperatorStore } from '../../../fleet-store/fleet-store.js';
import type { RolloutQuery } from '../../../fleet-store/rollout-store.js';
import { behaviour, type FleetStoreBehaviour, sharedBehaviour } from '../behaviour.js';
import { expectEqual } from '../expect-equal.js';
import { NOW_MS } from '../fixtures.js';
import { scribbleOver } from '../scribble-over.js';
import { ADA, addLabelled, asAda, BEN, by, lastPosition, scopeOf, tidyAll, toldSince } from './fleet-fixtures.js';
import { begin, change, changeOf, idsOf, memberOf, rolloutRecord } from './rollout-fixtures.js';

const DAY_MS = 86_400_000;

/** Of rollouts as such. */
export const rolloutBehaviours: readonly FleetStoreBehaviour[] = [
  behaviour('adds a rollout once, and keeps what follows on what was read last', async (store: FleetStore) => {
    const operator = asAda(store);
    const first = rolloutRecord('r', { state: 'draft' });
    expectEqual('added', await operator.changeRollout(changeOf(first)), true);
    expectEqual('added again', await operator.changeRollout(changeOf({ ...first, name: 'Never' })), false);
    expectEqual('the first', await operator.findRollout('r'), { ...first, revision: 1 });
    const second = { ...first, revision: 1, state: 'running', name: 'Gates' } as const;
    expectEqual('changed', await operator.changeRollout(changeOf(second)), true);
    expectEqual('changed again', await operator.changeRollout(changeOf({ ...second, name: 'Never' })), false);
    expectEqual('of the future', await operator.changeRollout(changeOf({ ...second, revision: 3 })), false);
    expectEqual('the second', await operator.findRollout('r'), { ...second, revision: 2 });
    expectEqual('an unknown one', await operator.findRollout('s'), undefined);
    const unknown = changeOf(rolloutRecord('s', { revision: 1 }));
    expectEqual('a change of an unknown one', await operator.changeRollout(unknown), false);
  }),

  behaviour('keeps nothing of a change that follows on an old reading', async (store: FleetStore) => {
    const operator = asAda(store);
    await addLabelled(store, 'a');
    const before = await lastPosition(store);
    const read = await begin(operator, rolloutRecord('r'), [memberOf('a')]);
    await change(operator, 'r', {});
    const old = changeOf(read, {
      members: [memberOf('a', { state: 'skipped' })],
      added: [memberOf('b')],
      offered: [{ nodeId: 'a', command: { id: 'c', kind: 'restart-app', queuedAtMs: 1, expiresAtMs: 2 } }],
      isCleared: true,
      events: [{ kind: 'rollout-changed', details: { rolloutId: 'r', name: 'r' } }],
    });
    expectEqual('kept', await operator.changeRollout(old), false);
    expectEqual('its members', await operator.listMembers('r', { limit: 10 }), [memberOf('a')]);
    expectEqual('its commands', await operator.listCommands('a', 10), []);
    expectEqual('what is told', await toldSince(store, before), []);
  }),

  behaviour('accepts and returns rollouts and their members as copies', async (store: FleetStore) => {
    const operator = asAda(store);
    const [rollout, member] = [rolloutRecord('r'), memberOf('a')];
    const kept = structuredClone({ ...rollout, revision: 1 });
    await operator.changeRollout(changeOf(rollout, { added: [member] }));
    scribbleOver([rollout, member]);
    scribbleOver(await operator.findRollout('r'));
    scribbleOver(await operator.listRollouts({ limit: 1 }));
    scribbleOver(await operator.readMembers('r', { which: 'named', nodeIds: ['a'] }));
    scribbleOver(await operator.listMembers('r', { limit: 1 }));
    scribbleOver(await operator.findMemberships('a'));
    expectEqual('the rollout', await operator.findRollout('r'), kept);
    expectEqual('the member', await operator.listMembers('r', { limit: 10 }), [memberOf('a')]);
  }),

  behaviour('lists rollouts, the newest first', async (store: FleetStore) => {
    const operator = asAda(store);
    for (const [id, createdAtMs, state] of [
      ['b', NOW_MS + 2, 'running'],
      ['a', NOW_MS + 3, 'draft'],
      ['c', NOW_MS + 1, 'stopped'],
      ['d', NOW_MS, 'stopped'],
    ] as const) {
      const rollout = rolloutRecord(id, { createdAtMs, state });
      await operator.changeRollout(changeOf(rollout, { isUnsettled: id === 'b' || id === 'd' }));
    }
    const ids = async (query: Partial<RolloutQuery>) =>
      (await operator.listRollouts({ limit: 10, ...query })).map(({ id }) => id);
    expectEqual('all', await ids({}), ['a', 'b', 'c', 'd']);
    expectEqual('two', await ids({ limit: 2 }), ['a', 'b']);
    expectEqual('of some states', await ids({ states: ['stopped', 'draft'] }), ['a', 'c', 'd']);
    expectEqual('of no state', await ids({ states: [] }), []);
    expectEqual('that somebody must look after', await ids({ isUnsettled: true }), ['b', 'd']);
    await change(operator, 'd', { isUnsettled: false });
    expectEqual('and later', await ids({ isUnsettled: true }), ['b']);
  }),

  behaviour(
    'shows those with a scope their own rollouts alone, and of these the nodes in scope',
    async (store: FleetStore) => {
      await addLabelled(store, 'a', { site: 'berlin' });
      await addLabelled(store, 'b', { site: 'bonn' });
      const scope = scopeOf('site', 'berlin');
      const [ada, ben] = [asAda(store), store.as(by(BEN, { scope }))];
      await begin(ada, rolloutRecord('r'), [memberOf('a')]);
      const his = rolloutRecord('s', { createdBy: BEN, scope, state: 'paused' });
      await begin(
        ben,
        his,
        ['a', 'b', 'gone'].map((nodeId) => memberOf(nodeId, { state: 'deferred' })),
      );
      await changesNothing(ben);
      expectEqual('found', [await ben.findRollout('r'), (await ben.findRollout('s'))?.id], [undefined, 's']);
      expectEqual(
        'the list',
        (await ben.listRollouts({ limit: 10 })).map(({ id }) => id),
        ['s'],
      );
      const named = { which: 'named', nodeIds: ['a', 'b', 'gone'] } as const;
      expectEqual('his members that a plan sees', await idsOf(ben.readMembers('s', named)), ['a']);
      expectEqual('those of hers', await idsOf(ben.readMembers('r', named)), []);
      expectEqual('his members in a list', await idsOf(ben.listMembers('s', { limit: 10 })), ['a']);
      expectEqual('by their states', await idsOf(ben.listMembers('s', { states: ['deferred'], limit: 10 })), ['a']);
      expectEqual('hers', await idsOf(ben.listMembers('r', { limit: 10 })), []);
      const memberships = async (operator: OperatorStore, nodeId: string) =>
        (await operator.findMemberships(nodeId)).map(({ rollout }) => rollout.id);
      expectEqual('the memberships of a', await memberships(ben, 'a'), ['s']);
      expectEqual('the memberships of b', await memberships(ben, 'b'), []);
      expectEqual('the memberships of b for all', await memberships(ada, 'b'), ['s']);
      await addLabelled(store, 'c', { site: 'berlin' });
      await addLabelled(store, 'd', { site: 'bonn' });
      expectEqual('new nodes', await ben.findNewMembers('s', { terms: [] }, 10), ['c']);
      expectEqual('of hers', await ben.findNewMembers('r', { terms: [] }, 10), []);
    },
  ),

  behaviour('drops drafts after 90 days, and other rollouts two years after their end', async (store: FleetStore) => {
    const operator = asAda(store);
    const endedAtMs = NOW_MS + DAY_MS;
    for (const [id, changes] of Object.entries({
      draft: { state: 'draft' },
      finished: { state: 'finished', endedAtMs },
      stopped: { state: 'stopped', endedAtMs: endedAtMs + 1 },
      paused: { state: 'paused' },
    } as const)) {
      await begin(operator, rolloutRecord(id, changes), [memberOf('a'), memberOf('b')]);
    }
    const ids = async () => (await operator.listRollouts({ limit: 10 })).map(({ id }) => id).toSorted();
    await tidyAll(store, NOW_MS + 90 * DAY_MS - 1);
    expectEqual('before', await ids(), ['draft', 'finished', 'paused', 'stopped']);
    await tidyAll(store, NOW_MS + 90 * DAY_MS);
    expectEqual('after 90 days', await ids(), ['finished', 'paused', 'stopped']);
    await tidyAll(store, endedAtMs + 2 * 365 * DAY_MS);
    expectEqual('two years after the end of one', await ids(), ['paused', 'stopped']);
    expectEqual('its members', await operator.listMembers('finished', { limit: 10 }), []);
    expectEqual('those of another', await idsOf(operator.listMembers('stopped', { limit: 10 })), ['a', 'b']);
  }),

  sharedBehaviour('lets one of two changes of one reading be kept', async (store: FleetStore, other) => {
    const add = (each: FleetStore, name: string) => asAda(each).changeRollout(changeOf(rolloutRecord('r', { name })));
    const added = await Promise.all([add(store, 'one'), add(other, 'other')]);
    expectEqual('how many have added it', added.filter(Boolean).length, 1);
    for (let revision = 1; revision <= 20; revision += 1) {
      const read = await asAda(store).findRollout('r');
      if (read?.revision !== revision) throw new Error(`expected revision ${revision}, but got ${read?.revision}`);
      const kept = await Promise.all(
        [store, other, store].map((each, index) =>
          asAda(each).changeRollout(changeOf({ ...read, name: `${index}` }, { members: [memberOf(`n${index}`)] })),
        ),
      );
      expectEqual('how many are kept', kept.filter(Boolean).length, 1);
      const winner = kept.indexOf(true);
      expectEqual('which one is kept', (await asAda(other).findRollout('r'))?.name, `${winner}`);
      expectEqual(
        'its member',
        (await idsOf(asAda(other).listMembers('r', { limit: 9 }))).includes(`n${winner}`),
        true,
      );
    }
  }),
];

/** What Ben may not change: what is hers, and what is about a node out of scope. */
async function changesNothing(ben: OperatorStore): Promise<void> {
  const hers = changeOf(rolloutRecord('r', { revision: 1 }));
  expectEqual('hers', await ben.changeRollout(hers), false);
  const taken = changeOf(rolloutRecord('r', { revision: 1, createdBy: BEN }));
  expectEqual('hers as his', await ben.changeRollout(taken), false);
  expectEqual('one in her name', await ben.changeRollout(changeOf(rolloutRecord('t', { createdBy: ADA }))), false);
  const command = { id: 'c', kind: 'restart-app', queuedAtMs: NOW_MS, expiresAtMs: NOW_MS + 1 };
  const [nodeId, commandId] = ['b', 'c'];
  expectEqual('a member', await change(ben, 's', { members: [memberOf(nodeId)] }), false);
  expectEqual('a member that is forgotten', await change(ben, 's', { members: [memberOf('gone')] }), false);
  expectEqual('an offer', await change(ben, 's', { offered: [{ nodeId, command }] }), false);
  expectEqual('a withdrawal', await change(ben, 's', { withdrawn: [{ nodeId, commandId }] }), false);
  expectEqual('an end', await change(ben, 's', { cancelled: [{ nodeId, commandId }] }), false);
  expectEqual('a member in scope', await change(ben, 's', { members: [memberOf('a', { state: 'deferred' })] }), true);
}
