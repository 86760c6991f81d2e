import type { FleetNode } from '../../fleet-store/fleet-store.js';
import { type FactRow, factRowColumns, factsOfRow, shownStateOf, type StateRow } from '../records/fact-rows.js';
import { lastHeartbeatOf } from '../records/rows.js';
import type { Dialect } from './dialect.js';
import { raw, type Sql, sql } from './sql.js';

/** A node as lists read it. */
export interface FleetRow extends FactRow, StateRow {
  labels: string | null;
  last_heartbeat: string | null;
}

/** The columns of a {@link FleetRow}, of the row of `node_fact`. */
export function fleetRowColumns({ table, labels }: Dialect): Sql {
  const nodeId = sql`node_fact.node_id`;
  return sql`${raw(factRowColumns)}, state, quiet_since_ms, ${labels(nodeId)} AS labels,
    (SELECT last_heartbeat FROM ${table('presence')} WHERE presence.node_id = ${nodeId}) AS last_heartbeat`;
}

export function fleetNodeOf(row: FleetRow): FleetNode {
  const labels = Object.entries(JSON.parse(row.labels ?? '{}') as Record<string, string>);
  return {
    facts: factsOfRow(row),
    labels: Object.fromEntries(labels.toSorted(([one], [other]) => (one < other ? -1 : 1))),
    ...shownStateOf(row),
    ...(row.last_heartbeat !== null && { lastHeartbeatAtMs: lastHeartbeatOf(row.last_heartbeat).receivedAtMs }),
  };
}
