import type { EventQuery, OperatorStore, ValueCount } from '../../fleet-store/fleet-store.js';
import type { Scope } from '../../selector/selector.js';
import { type Behalf, instantOf } from '../records/behalf.js';
import { eventOf, type EventRow } from '../records/event-rows.js';
import type { Viewer } from './condition.js';
import type { Dialect } from './dialect.js';
import { eventPage, newestOfNodes, nodesInScope } from './event-list.js';
import { fleetNodeOf, type FleetRow } from './fleet-rows.js';
import {
  fleetCount,
  fleetCountBy,
  fleetPage,
  labelKeyCounts,
  nodesBeginning,
  nodesNamed,
  nodesWithIds,
} from './node-lists.js';
import { type Sql, type SqlValue, statementOf } from './sql.js';

export type FleetLists = Pick<
  OperatorStore,
  'listFleet' | 'countFleet' | 'countFleetBy' | 'findFleetNodes' | 'findNodesNamed' | 'countLabelKeys' | 'listEvents'
>;

/** Resolves with the rows of a statement that only reads. */
export type ReadRows = <Row>(this: void, text: string, values: readonly SqlValue[]) => Promise<Row[]>;

/** Of so few nodes, the newest events are read node by node. */
const FEW_NODES_MAX = 200;

/** What operators list, of either database. */
export function createFleetLists(
  dialect: Dialect,
  readRows: ReadRows,
  fewNodesMax: number = FEW_NODES_MAX,
): (behalf: Behalf) => FleetLists {
  const read = <Row>(statement: Sql): Promise<Row[]> => {
    const { text, values } = statementOf(statement, dialect.placeholder);
    return readRows<Row>(text, values);
  };
  const nodes = async (statement: Sql) => (await read<FleetRow>(statement)).map(fleetNodeOf);
  const counts = async (statement: Sql): Promise<ValueCount[]> =>
    (await read<CountRow>(statement)).map(({ value, node_count: count }) => ({ value, count }));

  const eventRows = async (query: EventQuery, scope: Scope | undefined): Promise<EventRow[]> => {
    if (query.kinds?.length === 0) return [];
    // With `after`, what is read is bounded by who follows. A node's own events have their index.
    if (!scope || query.after !== undefined || query.nodeId !== undefined)
      return read(eventPage(dialect, query, scope));
    const nodeIds = (await read<{ node_id: string }>(nodesInScope(dialect, scope, fewNodesMax + 1))).map(
      ({ node_id }) => node_id,
    );
    if (nodeIds.length === 0) return [];
    if (nodeIds.length > fewNodesMax) return read(eventPage(dialect, query, scope));
    return read(newestOfNodes(dialect, query, scope, nodeIds));
  };

  return (behalf) => {
    const scope: Scope | undefined = behalf.scope;
    const viewer: Viewer = { nowMs: instantOf(behalf), scope };
    return {
      async listFleet(query) {
        const rows = await read<FleetRow & { sort_value: SqlValue | null }>(fleetPage(dialect, query, viewer));
        const shown = rows.slice(0, query.limit);
        const last = rows.length > query.limit ? shown.at(-1) : undefined;
        return {
          nodes: shown.map(fleetNodeOf),
          ...(last && { next: { value: last.sort_value ?? last.node_id, nodeId: last.node_id } }),
        };
      },
      async countFleet({ selector, max }) {
        const [row] = await read<Pick<CountRow, 'node_count'>>(fleetCount(dialect, selector, viewer, max));
        return row?.node_count ?? 0;
      },
      countFleetBy: (field, { selector, limit }) => counts(fleetCountBy(dialect, field, selector, viewer, limit)),
      findFleetNodes: async (nodeIds) => (nodeIds.length === 0 ? [] : nodes(nodesWithIds(dialect, nodeIds, scope))),
      async findNodesNamed(text, limit) {
        if (text === '') return [];
        const named = await nodes(nodesNamed(dialect, text, scope, limit));
        return named.length > 0 ? named : nodes(nodesBeginning(dialect, text, scope, limit));
      },
      countLabelKeys: (limit) => counts(labelKeyCounts(dialect, scope, limit)),
      listEvents: async (query) => (await eventRows(query, scope)).map(eventOf),
    };
  };
}

interface CountRow {
  value: string;
  node_count: number;
}
