import { labelsOfText } from '../../facts/label-text.js';
import type { FleetNode } from '../../fleet-store/fleet-node.js';
import { type FactRow, factRowColumns, factsOfRow, shownStateOf, type StateRow } from '../records/fact-rows.js';
import { alertsOfText } from '../records/alert-rows.js';
import { lastHeartbeatOf } from '../records/rows.js';
import type { Dialect } from './dialect.js';
import { columnsOf, type Sql, sql } from './sql.js';

/** A node as lists read it. */
export interface FleetRow extends FactRow, StateRow {
  last_heartbeat: string | null;
  alerts: string;
}

/** The columns of a {@link FleetRow}, of the row of `node_fact`. */
export function fleetRowColumns({ table }: Dialect): Sql {
  return sql`${columnsOf('node_fact', `${factRowColumns}, state, quiet_since_ms, alerts`)},
    (SELECT last_heartbeat FROM ${table('presence')} WHERE presence.node_id = node_fact.node_id) AS last_heartbeat`;
}

export function fleetNodeOf(row: FleetRow): FleetNode {
  const facts = factsOfRow(row);
  return {
    facts,
    labels: labelsOfText(facts.labelText),
    ...shownStateOf(row),
    ...(row.last_heartbeat !== null && { lastHeartbeatAtMs: lastHeartbeatOf(row.last_heartbeat).receivedAtMs }),
    alerts: alertsOfText(row.alerts),
  };
}
