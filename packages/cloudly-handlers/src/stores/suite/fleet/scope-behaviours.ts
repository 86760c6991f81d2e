import type { FleetStore, OperatorStore } from '../../../fleet-store/fleet-store.js';
import { behaviour, type FleetStoreBehaviour } from '../behaviour.js';
import { expectEqual } from '../expect-equal.js';
import { commandRecord, heartbeatReport, joinTokenRecord, nodeRecord, NOW_MS, runtimeStatus } from '../fixtures.js';
import {
  ADA,
  addLabelled,
  allEvents,
  approvedNode,
  asAda,
  BEN,
  by,
  everyNode,
  lastPosition,
  scopeOf,
  setProfile,
  toldSince,
} from './fleet-fixtures.js';

const berlin = scopeOf('site', 'berlin');

/** What becomes of each operation on a node that is out of scope: what becomes of it with a node that there is not. */
const onUnknown: Readonly<Record<string, (operator: OperatorStore, nodeId: string) => Promise<unknown>>> = {
  findNode: (operator, nodeId) => operator.findNode(nodeId),
  replaceNode: (operator, nodeId) => operator.replaceNode(approvedNode(nodeId, { revokedAtMs: NOW_MS })),
  removeNode: (operator, nodeId) => operator.removeNode(nodeId),
  findStatus: (operator, nodeId) => operator.findStatus(nodeId),
  listHistory: (operator, nodeId) => operator.listHistory(nodeId, 'detail'),
  addCommand: (operator, nodeId) => operator.addCommand(nodeId, commandRecord('new')),
  findCommand: (operator, nodeId) => operator.findCommand(nodeId, 'c'),
  cancelCommand: (operator, nodeId) => operator.cancelCommand(nodeId, 'c', NOW_MS),
  listCommands: (operator, nodeId) => operator.listCommands(nodeId, 10),
  findFleetNodes: (operator, nodeId) => operator.findFleetNodes([nodeId]),
  findNodesNamed: (operator, nodeId) => operator.findNodesNamed(nodeId, 10),
  findProfile: (operator, nodeId) => operator.findProfile(nodeId),
  replaceProfile: (operator, nodeId) =>
    operator.replaceProfile({ nodeId, revision: 2, labels: { site: 'berlin' }, notes: 'taken over' }),
  listEvents: (operator, nodeId) => operator.listEvents({ nodeId, limit: 10 }),
};

export const scopeBehaviours: readonly FleetStoreBehaviour[] = [
  ...Object.entries(onUnknown).map(([name, operate]) =>
    behaviour(`lets ${name} neither find nor change a node out of scope`, async (store: FleetStore) => {
      await addBoth(store);
      await store.createNode(nodeRecord('unlabelled'), NOW_MS);
      const ben = store.as(by(BEN, { scope: berlin }));
      const unknown = await operate(ben, 'nobody');
      const before = await everything(store);
      expectEqual('one elsewhere', await operate(ben, 'bonn'), unknown);
      expectEqual('one without labels', await operate(ben, 'unlabelled'), unknown);
      expectEqual('what there is', await everything(store), before);
      expectEqual('one in scope is another matter', isSame(await operate(ben, 'berlin'), unknown), false);
    }),
  ),

  behaviour('lists and counts what is in scope alone', async (store: FleetStore) => {
    await addBoth(store);
    const ben = store.as(by(BEN, { scope: berlin }));
    const page = await ben.listFleet({ selector: everyNode, sort: { by: 'name', isDescending: false }, limit: 10 });
    expectEqual(
      'the list',
      page.nodes.map(({ facts }) => facts.nodeId),
      ['berlin'],
    );
    const elsewhere = scopeOf('site', 'bonn');
    const both = { terms: [{ field: 'label', isNot: false, key: 'site' } as const] };
    expectEqual('of another selector', await ben.countFleet({ selector: elsewhere, max: 10 }), 0);
    expectEqual('of one for both', await ben.countFleet({ selector: both, max: 10 }), 1);
    const counts = await ben.countFleetBy('label.site', { selector: everyNode, limit: 10 });
    expectEqual('by site', counts, [{ value: 'berlin', count: 1 }]);
    expectEqual('the keys of labels', await ben.countLabelKeys(10), [{ value: 'site', count: 1 }]);
    const job = await ben.addBulkJob(
      {
        id: 'j',
        createdAtMs: NOW_MS,
        actor: BEN,
        role: 'operate',
        scope: berlin,
        action: { kind: 'approve' },
        selector: '',
        confirmUntilMs: NOW_MS + 1000,
      },
      everyNode,
      10,
    );
    expectEqual('the nodes of a job', job?.nodeCount, 1);
  }),

  behaviour(
    'shows the events of nodes in scope alone, as the labels are when they are read',
    async (store: FleetStore) => {
      await addBoth(store);
      await setProfile(store, 'berlin', { name: 'Gate' });
      const events = async () => {
        const ben = store.as(by(BEN, { scope: berlin }));
        return (await ben.listEvents({ after: 0, limit: 100 })).map(({ kind, nodeId }) => `${kind} ${nodeId}`);
      };
      const own = ['node-registered berlin', 'node-labelled berlin', 'command-queued berlin', 'node-named berlin'];
      expectEqual('the events', await events(), own);
      await setProfile(store, 'bonn', { labels: { site: 'berlin' } });
      expectEqual('how many, once both are in scope', (await events()).length > own.length, true);
      await setProfile(store, 'berlin', { labels: {} });
      expectEqual(
        'of the one that left',
        (await events()).filter((text) => text.endsWith(' berlin')),
        [],
      );
    },
  ),

  behaviour('hides what happened to the node that had an ID before', async (store: FleetStore) => {
    await addLabelled(store, 'n', { site: 'bonn' });
    await store.removeNode('n');
    await store.addJoinToken(joinTokenRecord('for berlin', { labels: { site: 'berlin' } }));
    const next = nodeRecord('n', { joinTokenId: 'for berlin', registeredAtMs: NOW_MS + 5000, revision: 900 });
    await store.createNode(next, NOW_MS);
    const ben = store.as(by(BEN, { scope: berlin }));
    expectEqual(
      'the events',
      (await ben.listEvents({ after: 0, limit: 10 })).map(({ kind }) => kind),
      ['node-registered'],
    );
    expectEqual(
      'for all',
      (await allEvents(store)).some(({ kind }) => kind === 'node-forgotten'),
      true,
    );
  }),

  behaviour('lets nobody label a node out of their scope', async (store: FleetStore) => {
    await addBoth(store);
    const ben = store.as(by(BEN, { scope: berlin }));
    const profile = await ben.findProfile('berlin');
    if (!profile) throw new Error('the profile: expected one, but got undefined');
    const before = await lastPosition(store);
    for (const labels of [{}, { site: 'bonn' }, { Site: 'berlin' }]) {
      expectEqual('labelled out', await ben.replaceProfile({ ...profile, labels }), false);
    }
    expectEqual('what is told', await toldSince(store, before), []);
    expectEqual('its profile', await ben.findProfile('berlin'), profile);
    const labels = { site: 'berlin', floor: '2' };
    expectEqual('labelled within', await ben.replaceProfile({ ...profile, labels }), true);
  }),

  behaviour(
    'knows scopes of several terms, of keys alone, and of labels that a node must not have',
    async (store: FleetStore) => {
      await addLabelled(store, 'a', { site: 'berlin', floor: '1' });
      await addLabelled(store, 'b', { site: 'berlin', floor: '2', secret: '' });
      await addLabelled(store, 'c', { site: 'bonn', floor: '1' });
      await addLabelled(store, 'd', { site: '' });
      const site = { field: 'label', key: 'site', isNot: false } as const;
      const ids = async (...terms: Parameters<typeof withTerms>) => {
        const { nodes } = await store
          .as(by(ADA, { scope: withTerms(...terms) }))
          .listFleet({ selector: everyNode, sort: { by: 'id', isDescending: false }, limit: 10 });
        return nodes.map(({ facts }) => facts.nodeId);
      };
      expectEqual('with the key', await ids(site), ['a', 'b', 'c', 'd']);
      expectEqual('with one of two values', await ids({ ...site, anyOf: ['berlin', 'bonn'] }), ['a', 'b', 'c']);
      const floor = { ...site, key: 'floor', anyOf: ['1'] };
      expectEqual('with both', await ids({ ...site, anyOf: ['berlin'] }, floor), ['a']);
      expectEqual('without one', await ids(site, { ...site, key: 'secret', isNot: true }), ['a', 'c', 'd']);
      expectEqual('with another value', await ids(site, { ...floor, isNot: true }), ['b', 'd']);
      expectEqual('with the key, but no value', await ids(site, { ...site, anyOf: [] }), ['d']);
    },
  ),

  behaviour('shows and makes join tokens whose nodes are in scope alone', async (store: FleetStore) => {
    const [own, other, bare] = [
      joinTokenRecord('own', { labels: { site: 'berlin', floor: '1' } }),
      joinTokenRecord('other', { labels: { site: 'bonn' } }),
      joinTokenRecord('bare'),
    ];
    for (const joinToken of [own, other, bare]) await asAda(store).addJoinToken(joinToken);
    const ben = store.as(by(BEN, { scope: berlin }));
    expectEqual('the list', await ben.listJoinTokens(), [own]);
    for (const id of ['other', 'bare', 'nothing']) {
      expectEqual(`finding ${id}`, await ben.findJoinToken(id), undefined);
      expectEqual(`revoking ${id}`, await ben.revokeJoinToken(id, NOW_MS), undefined);
    }
    for (const { labels = {} } of [other, bare]) {
      const joinToken = joinTokenRecord('new', { labels });
      const outcome = await ben.addJoinToken(joinToken).then(
        () => 'added',
        () => 'rejected',
      );
      expectEqual('one for nodes out of scope', outcome, 'rejected');
    }
    await ben.addJoinToken(joinTokenRecord('new', { labels: { site: 'berlin' } }));
    expectEqual('revoked', (await ben.revokeJoinToken('own', NOW_MS))?.revokedAtMs, NOW_MS);
    const all = (await asAda(store).listJoinTokens()).map(({ id, revokedAtMs }) => [id, revokedAtMs ?? 'usable']);
    const expected = { bare: 'usable', new: 'usable', other: 'usable', own: NOW_MS };
    expectEqual('all', Object.fromEntries(all), expected);
  }),
];

function withTerms(...terms: (typeof berlin)['terms'][number][]) {
  return { terms };
}

/** A node in scope and one that is not, each with all that a node may have. */
async function addBoth(store: FleetStore): Promise<void> {
  for (const nodeId of ['berlin', 'bonn']) {
    await addLabelled(store, nodeId, { site: nodeId });
    await store.saveReport(nodeId, heartbeatReport(1, { status: runtimeStatus(nodeId) }));
    await asAda(store).addCommand(nodeId, commandRecord('c'));
  }
}

async function everything(store: FleetStore): Promise<unknown> {
  const operator = asAda(store);
  const { nodes } = await operator.listFleet({
    selector: everyNode,
    sort: { by: 'id', isDescending: false },
    limit: 100,
  });
  const records = await store.listNodes({ limit: 100 });
  const ids = records.map(({ node }) => node.nodeId);
  return [
    records,
    nodes,
    await allEvents(store),
    await Promise.all(ids.map((nodeId) => operator.findProfile(nodeId))),
    await Promise.all(ids.map((nodeId) => operator.listCommands(nodeId, 10))),
  ];
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
