import type { SortKey } from '../../fleet-store/fleet-store.js';
import type { TextField, VersionField } from '../../selector/selector.js';
import { sortColumns, textColumns, versionColumns } from '../records/field-columns.js';
import { raw, type Sql, sql } from './sql.js';

export const labelText = sql`node_fact.label_text`;

/** The kinds of alerts that are open. */
export const alertsText = sql`node_fact.alerts`;

export function textColumn(field: TextField | 'state'): Sql {
  return field === 'state' ? sql`node_fact.state` : column(textColumns[field]);
}

export function versionColumn(field: VersionField): Sql {
  return column(versionColumns[field]);
}

export function sortColumn(by: SortKey): Sql {
  if (by === 'seen') return sql`node_fact.quiet_since_ms`;
  return by === 'urgency' ? sql`node_fact.urgency` : column(sortColumns[by]);
}

function column(name: string): Sql {
  return raw(`node_fact.${name}`);
}
