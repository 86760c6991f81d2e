import type { CountField, SortKey } from '../../fleet-store/fleet-store.js';
import type { FactColumns } from '../records/fact-rows.js';

/** What nodes are sorted by; `seen` is no fact. */
export const sortColumns = {
  name: 'shown_name',
  id: 'node_id',
  type: 'device_type',
  os: 'os_key',
  agent: 'agent_key',
  supervisor: 'supervisor_key',
  commit: 'release_commit',
  registered: 'registered_at_ms',
  storage: 'free_storage_percent',
} as const satisfies Record<Exclude<SortKey, 'seen'>, keyof FactColumns>;

/** What nodes are counted by; the state and labels are no facts. */
export const countColumns = {
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
  'join-token': 'join_token_id',
} as const satisfies Record<Exclude<CountField, 'state' | `label.${string}`>, keyof FactColumns>;
