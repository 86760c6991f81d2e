import type { CountField, SortKey } from '../../fleet-store/fleet-store.js';
import type { TextField, VersionField } from '../../selector/selector.js';
import { type Sql, sql } from './sql.js';

/** The column of `node_fact` with the value of a field; empty if the node has none. */
export const textColumns: Readonly<Record<TextField | 'state', Sql>> = {
  state: sql`node_fact.state`,
  id: sql`node_fact.node_id`,
  name: sql`node_fact.shown_name`,
  hostname: sql`node_fact.hostname`,
  uuid: sql`node_fact.uuid`,
  type: sql`node_fact.device_type`,
  os: sql`node_fact.os_version`,
  agent: sql`node_fact.agent_version`,
  supervisor: sql`node_fact.supervisor_version`,
  'supervisor-state': sql`node_fact.supervisor_state`,
  app: sql`node_fact.app_id`,
  commit: sql`node_fact.release_commit`,
  staged: sql`node_fact.staged_commit`,
  update: sql`node_fact.update_state`,
  mode: sql`node_fact.updates_mode`,
  gate: sql`node_fact.gate`,
  approval: sql`node_fact.approval`,
  clone: sql`node_fact.clone`,
  'join-token': sql`node_fact.join_token_id`,
};

/** The column with the key by which versions compare. */
export const versionColumns: Readonly<Record<VersionField, Sql>> = {
  agent: sql`node_fact.agent_key`,
  supervisor: sql`node_fact.supervisor_key`,
  os: sql`node_fact.os_key`,
};

export const labelText = sql`node_fact.label_text`;

/** What lists are ordered by. Each has an index, followed by the node's ID. */
export const sortColumns: Readonly<Record<SortKey, Sql>> = {
  name: textColumns.name,
  id: textColumns.id,
  type: textColumns.type,
  os: versionColumns.os,
  agent: versionColumns.agent,
  supervisor: versionColumns.supervisor,
  commit: textColumns.commit,
  registered: sql`node_fact.registered_at_ms`,
  seen: sql`node_fact.quiet_since_ms`,
  storage: sql`node_fact.free_storage_percent`,
};

export function isLabelField(field: CountField): field is `label.${string}` {
  return field.startsWith('label.');
}
