import { mostUrgent } from '../../../alerts/alert-kinds.js';
import { NEVER_SEEN_MS, quietSince } from '../../../facts/quiet-since.js';
import type { FleetNode } from '../../../fleet-store/fleet-node.js';
import type { CountField, FleetCursor, FleetSort, FleetStore, SortKey } from '../../../fleet-store/fleet-store.js';
import { countFields, sortKeys } from '../../../fleet-store/fleet-store.js';
import { matches } from '../../../selector/matches.js';
import { parseSelector } from '../../../selector/parse-selector.js';
import { type FactColumns, factColumns } from '../../records/fact-rows.js';
import { behaviour, type FleetStoreBehaviour } from '../behaviour.js';
import { expectEqual } from '../expect-equal.js';
import { heartbeatReport, nodeRecord, NOW_MS } from '../fixtures.js';
import { addLabelled, asAda, everyNode, setProfile } from './fleet-fixtures.js';
import { addManyNodes, manyNodeIds } from './many-nodes.js';

export const listBehaviours: readonly FleetStoreBehaviour[] = [
  behaviour('lists nodes in every order, page by page, while others write', async (store: FleetStore) => {
    await addManyNodes(store);
    const nodes = await allNodes(store);
    for (const by of sortKeys) {
      for (const isDescending of [false, true]) {
        const expected = nodes.toSorted((one, other) => compareBy(by, one, other)).map(idOf);
        const listed = await readPages(store, { by, isDescending });
        const what = `by ${by}${isDescending ? ', descending' : ''}`;
        expectEqual(what, listed, isDescending ? expected.toReversed() : expected);
      }
    }
  }),

  behaviour('lists and counts the nodes that a selector matches', async (store: FleetStore) => {
    await addManyNodes(store);
    const nodes = await allNodes(store);
    for (const text of selectors) {
      const selector = parseSelector(text);
      const expected = nodes.filter((node) => matches(selector, node, NOW_MS)).map(idOf);
      const { nodes: listed } = await asAda(store).listFleet({ selector, sort: byId, limit: 100 });
      expectEqual(`the nodes of "${text}"`, listed.map(idOf), expected);
      expectEqual(`their number`, await asAda(store).countFleet({ selector, max: 100 }), expected.length);
    }
  }),

  behaviour('counts up to a limit', async (store: FleetStore) => {
    await addManyNodes(store);
    const count = (max: number) => asAda(store).countFleet({ selector: everyNode, max });
    expectEqual('at most 5, 24 and 30', [await count(5), await count(24), await count(30)], [5, 24, 24]);
  }),

  behaviour('counts nodes by every field and by labels, the most frequent value first', async (store: FleetStore) => {
    await addManyNodes(store);
    const selector = parseSelector('-state:revoked id!=n03');
    const nodes = (await allNodes(store)).filter((node) => matches(selector, node, NOW_MS));
    for (const field of [...countFields, 'label.site', 'label.canary', 'label.none'] as const) {
      const counts = new Map<string, number>();
      for (const node of nodes) counts.set(countedValue(node, field), (counts.get(countedValue(node, field)) ?? 0) + 1);
      const expected = [...counts]
        .map(([value, count]) => ({ value, count }))
        .toSorted((one, other) => other.count - one.count || (one.value < other.value ? -1 : 1));
      expectEqual(`by ${field}`, await asAda(store).countFleetBy(field, { selector, limit: 100 }), expected);
      const [first] = await asAda(store).countFleetBy(field, { selector, limit: 1 });
      expectEqual(`the first by ${field}`, first, expected[0]);
    }
  }),

  behaviour('counts the keys of labels, in their order', async (store: FleetStore) => {
    await addManyNodes(store);
    const [canary, site] = [
      { value: 'canary', count: 5 },
      { value: 'site', count: 16 },
    ];
    expectEqual('all', await asAda(store).countLabelKeys(10), [canary, site]);
    expectEqual('the first', await asAda(store).countLabelKeys(1), [canary]);
  }),

  behaviour('finds nodes by their IDs, those that there are', async (store: FleetStore) => {
    await addManyNodes(store);
    const found = await asAda(store).findFleetNodes(['n07', 'nobody', 'n03']);
    expectEqual(
      'the IDs',
      found.map(idOf).toSorted((one, other) => (one < other ? -1 : 1)),
      ['n03', 'n07'],
    );
    expectEqual('of none', await asAda(store).findFleetNodes([]), []);
  }),

  behaviour(
    'finds the nodes that a text names, or else those whose ID or UUID begins with it',
    async (store: FleetStore) => {
      await addManyNodes(store);
      await addLabelled(store, 'uuid4');
      const named = async (text: string, limit = 100) => (await asAda(store).findNodesNamed(text, limit)).map(idOf);
      expectEqual('an ID', await named('n03'), ['n03']);
      expectEqual('a name, however it is written', await named('GATE 1'), ['n04', 'n16']);
      expectEqual('a host name', await named('Host-1'), ['n01', 'n06', 'n11', 'n16', 'n21']);
      expectEqual('a UUID that is also an ID', await named('uuid4'), ['n04', 'n14', 'uuid4']);
      expectEqual('the beginning of an ID', await named('n1'), manyNodeIds.slice(10, 20));
      expectEqual('the first of them', await named('n1', 2), ['n10', 'n11']);
      expectEqual('the beginning of a UUID', (await named('uuid')).length, 22);
      expectEqual('the middle of an ID', await named('03'), []);
      expectEqual('nothing', await named(''), []);
      expectEqual('a wildcard', [await named('n0%'), await named('n__'), await named('*')], [[], [], []]);
    },
  ),
];

const byId: FleetSort = { by: 'id', isDescending: false };

const selectors = [
  '',
  'state:online',
  'state:late,offline',
  '-state:online',
  'state:pending,never-seen',
  'name~gate',
  'name="gate 1"',
  'name!="gate 1"',
  'name=',
  'hostname~HOST-1',
  'id=n03,n05',
  'id!=n03',
  'uuid=uuid1',
  'uuid=',
  'type=intel-nuc,raspberrypi4-64',
  'type=',
  'type!=intel-nuc',
  'os>=6',
  '-os>=6',
  'os=',
  'agent<1.0',
  'agent>=0.10.0',
  'agent~rc',
  'supervisor>=17',
  'supervisor-state=available',
  'supervisor-state!=available',
  'app=7',
  'commit=c0ffee',
  'commit!=c0ffee11',
  'staged=',
  'update=failed',
  'mode=gated gate=open',
  'approval=pending',
  'clone=suspected',
  'join-token=join',
  'storage<50',
  'storage>=30',
  '-storage<50',
  'seen>1h',
  'seen<1h',
  '-seen>1h',
  'registered<12h',
  'registered>1d',
  'label.site=berlin',
  'label.site=berlin,bonn',
  'label.site',
  '-label.site',
  'label.site=',
  'label.site!=berlin',
  'label.canary -label.site=bonn',
  'host-1',
  'HOST-1 -label.canary',
  'berlin gate',
  '-berlin',
  'state:late,offline label.site=berlin agent<1.0 -label.canary host',
];

async function allNodes(store: FleetStore): Promise<FleetNode[]> {
  const nodes = await asAda(store).findFleetNodes(manyNodeIds);
  return nodes.toSorted((one, other) => (idOf(one) < idOf(other) ? -1 : 1));
}

function idOf({ facts }: FleetNode): string {
  return facts.nodeId;
}

/** All pages, between which somebody changes what the order does not go by. */
async function readPages(store: FleetStore, sort: FleetSort): Promise<string[]> {
  const listed: string[] = [];
  let after: FleetCursor | undefined;
  for (let page = 0; page <= manyNodeIds.length; page += 1) {
    const { nodes, next } = await asAda(store).listFleet({
      selector: everyNode,
      sort,
      limit: 5,
      ...(after && { after }),
    });
    listed.push(...nodes.map(idOf));
    if (!next) return listed.filter((nodeId) => manyNodeIds.includes(nodeId));
    if (nodes.length !== 5) throw new Error(`a page: expected 5 nodes, but got ${nodes.length}`);
    after = next;
    await setProfile(store, 'n00', { notes: `${sort.by} ${page}` });
    await store.saveReport('n08', heartbeatReport(1_000_000 + page));
    const newcomer = nodeRecord(`${sort.by}-${sort.isDescending}-${page}`);
    await store.createNode(newcomer, NOW_MS);
    await store.removeNode(newcomer.nodeId);
  }
  throw new Error('the pages: expected an end, but there was none');
}

function compareBy(by: SortKey, one: FleetNode, other: FleetNode): number {
  const [a, b] = [sortValue(by, one), sortValue(by, other)];
  if (a !== b) return a < b ? -1 : 1;
  return idOf(one) < idOf(other) ? -1 : 1;
}

function sortValue(by: SortKey, { facts, state, quietSinceMs = NEVER_SEEN_MS, alerts }: FleetNode): string | number {
  if (by === 'urgency') return mostUrgent(alerts);
  return by === 'seen' ? quietSince(state, quietSinceMs) : factColumns(facts)[sortedBy[by]];
}

const sortedBy = {
  name: 'shown_name',
  id: 'node_id',
  type: 'device_type',
  os: 'os_key',
  agent: 'agent_key',
  supervisor: 'supervisor_key',
  commit: 'release_commit',
  registered: 'registered_at_ms',
  storage: 'free_storage_percent',
} as const satisfies Record<Exclude<SortKey, 'seen' | 'urgency'>, keyof FactColumns>;

function countedValue({ facts, labels, state }: FleetNode, field: CountField): string {
  const values: Record<(typeof countFields)[number], string | number | undefined> = {
    state,
    type: facts.deviceType,
    os: facts.osVersion,
    agent: facts.agentVersion,
    supervisor: facts.supervisorVersion,
    'supervisor-state': facts.supervisorState,
    app: facts.appId,
    commit: facts.commit,
    staged: facts.stagedCommit,
    update: facts.updateState,
    mode: facts.updatesMode,
    gate: facts.gate,
    approval: facts.approval,
    'join-token': facts.joinTokenId,
  };
  const value = field.startsWith('label.')
    ? labels[field.slice('label.'.length)]
    : values[field as (typeof countFields)[number]];
  return value === undefined ? '' : String(value);
}
