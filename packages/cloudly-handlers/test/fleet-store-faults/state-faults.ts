import { everyNode } from '../../src/stores/suite/fleet/fleet-fixtures.js';
import type { FleetNode } from '../../src/fleet-store/fleet-node.js';
import type { FleetStore } from '../../src/fleet-store/fleet-store.js';
import { byId, showing, type Fault, type Faults } from './fault.js';

export const stateFaults: Faults = {
  'shows nodes that wait for approval as never seen': {
    breaks: ['shows where a node stands'],
    operator: showing((node) => (node.state === 'pending' ? { ...node, state: 'never-seen' } : node)),
  },
  'looks how a node is heard with every change of its record': {
    breaks: ['leaves it to a sweep'],
    operator: (operator, { nowMs }, store) => ({
      async replaceNode(node) {
        const isReplaced = await operator.replaceNode(node);
        await store.sweep({ nowMs, upSinceMs: 0, limit: 100 });
        return isReplaced;
      },
    }),
  },
  'does not say since when a node is quiet': {
    breaks: ['finds nodes late and then offline'],
    operator: showing(({ quietSinceMs: _dropped, ...node }) => node),
  },
  'brings nodes back with the next sweep only': { breaks: ['brings a node back'], ...stateOfSweeps() },
  'excuses no node': {
    breaks: ['excuses every node'],
    store: (store) => ({ sweep: (sweep) => store.sweep({ ...sweep, upSinceMs: 0 }) }),
  },
  'finds nodes offline that were never seen': {
    breaks: ['never finds nodes late'],
    store: (store) => ({
      async sweep(sweep) {
        const { moved, ...swept } = await store.sweep(sweep);
        const { nodes } = await store
          .as({ actor: 'system', nowMs: 0 })
          .listFleet({ selector: everyNode, sort: byId, limit: 100 });
        const silent = nodes.filter(({ state }) => state === 'never-seen');
        const late = silent.map(({ facts }) => ({ nodeId: facts.nodeId, from: 'never-seen', to: 'offline' }) as const);
        return { ...swept, moved: [...moved, ...late] };
      },
    }),
  },
  'sweeps some nodes and never the others': {
    breaks: ['sweeps some nodes at a time'],
    store: (store) => ({ sweep: (sweep) => store.sweep(sweep).then((swept) => ({ ...swept, isMore: false })) }),
  },
  'finds nodes late in every process that sweeps': { breaks: ['finds each node late once'], store: forgetfulSweeps() },
  'sorts by the registration where it should sort by silence': {
    breaks: ['selects and sorts by what was found', 'lists nodes in every order'],
    operator: (operator) => ({
      listFleet: ({ sort, ...query }) =>
        operator.listFleet({ ...query, sort: { ...sort, by: sort.by === 'seen' ? 'registered' : sort.by } }),
    }),
  },
};

/** Nodes are as the last sweep has found them. */
function stateOfSweeps(): Omit<Fault, 'breaks'> {
  const found = new Map<string, FleetNode['state']>();
  return {
    store: (store) => ({
      async sweep(sweep) {
        const swept = await store.sweep(sweep);
        for (const { nodeId, to } of swept.moved) found.set(nodeId, to);
        return swept;
      },
    }),
    operator: showing((node) => ({ ...node, state: found.get(node.facts.nodeId) ?? node.state })),
  };
}

function forgetfulSweeps(): NonNullable<Fault['store']> {
  return (store) => {
    let first: ReturnType<FleetStore['sweep']> | undefined;
    return { sweep: (sweep) => (first ??= store.sweep(sweep)) };
  };
}
