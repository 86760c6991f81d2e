import type { CountField, SortKey } from '../../fleet-store/fleet-store.js';
import type { TextField, VersionField } from '../../selector/selector.js';
import type { FactColumns } from './fact-rows.js';

/** The column with the value of a field; empty if the node has none. */
export const textColumns = {
  id: 'node_id',
  name: 'shown_name',
  hostname: 'hostname',
  uuid: 'uuid',
  type: 'device_type',
  os: 'os_version',
  agent: 'agent_version',
  supervisor: 'supervisor_version',
  'supervisor-state': 'supervisor_state',
  app: 'app_id',
  commit: 'release_commit',
  staged: 'staged_commit',
  update: 'update_state',
  mode: 'updates_mode',
  gate: 'gate',
  approval: 'approval',
  clone: 'clone',
  'join-token': 'join_token_id',
} as const satisfies Record<TextField, keyof FactColumns>;

/** The column with the key by which versions compare. */
export const versionColumns = {
  agent: 'agent_key',
  supervisor: 'supervisor_key',
  os: 'os_key',
} as const satisfies Record<VersionField, keyof FactColumns>;

/** What nodes are sorted by; `seen` and `urgency` are no facts. In a database each has an index, followed by the node's ID. */
export const sortColumns = {
  name: textColumns.name,
  id: textColumns.id,
  type: textColumns.type,
  os: versionColumns.os,
  agent: versionColumns.agent,
  supervisor: versionColumns.supervisor,
  commit: textColumns.commit,
  registered: 'registered_at_ms',
  storage: 'free_storage_percent',
} as const satisfies Record<Exclude<SortKey, 'seen' | 'urgency'>, keyof FactColumns>;

export function isLabelField(field: CountField): field is `label.${string}` {
  return field.startsWith('label.');
}
