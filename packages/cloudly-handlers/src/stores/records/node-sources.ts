import type { RuntimeStatus } from '@serve.zone/baseos-contracts';
import type { NodeFacts, NodeState } from '../../facts/node-facts.js';
import type { NodeProfile } from '../../fleet/node-profile.js';
import type { NodeRecord } from '../../fleet/node-record.js';
import { type FactRow, factRowColumns, factsOfRow } from './fact-rows.js';
import type { LastHeartbeat } from './fold-reports.js';
import { profileOf } from './profile-rows.js';
import { lastHeartbeatOf } from './rows.js';

/** A node with all that its facts are derived from, and what was derived last. */
export interface NodeSources {
  node: NodeRecord;
  profile: NodeProfile;
  status?: RuntimeStatus;
  last?: LastHeartbeat;
  before: KeptFacts;
}

export interface KeptFacts {
  facts: NodeFacts;
  /** Of what derived them; 0 if nothing has yet. */
  version: number;
  state: NodeState;
}

export interface SourcesRow extends FactRow {
  node_record: string;
  node_revision: number;
  profile_record: string;
  profile_revision: number;
  last_heartbeat: string | null;
  status: string | null;
  facts_version: number;
  state: string;
}

/** Selects a {@link SourcesRow} of each node; `table` gives each table its whole name, `status` which statuses are read. */
export function selectSources(table: (name: string) => string, status = 'status.status'): string {
  const facts = factRowColumns.split(', ').map((column) => `node_fact.${column}`);
  return `
    SELECT
      node.record AS node_record, node.revision AS node_revision,
      node_profile.record AS profile_record, node_profile.revision AS profile_revision,
      presence.last_heartbeat, ${status} AS status, node_fact.facts_version, node_fact.state, ${facts.join(', ')}
    FROM ${table('node')} AS node
    JOIN ${table('presence')} AS presence ON presence.node_id = node.node_id
    JOIN ${table('node_profile')} AS node_profile ON node_profile.node_id = node.node_id
    JOIN ${table('node_fact')} AS node_fact ON node_fact.node_id = node.node_id
    LEFT JOIN ${table('status')} AS status ON status.node_id = node.node_id`;
}

export function sourcesOf(row: SourcesRow): NodeSources {
  const { node_id, node_record, node_revision, profile_record, profile_revision, last_heartbeat, status } = row;
  return {
    node: { ...(JSON.parse(node_record) as NodeRecord), revision: node_revision },
    profile: profileOf({ node_id, revision: profile_revision, record: profile_record }),
    ...(status !== null && { status: JSON.parse(status) as RuntimeStatus }),
    ...(last_heartbeat !== null && { last: lastHeartbeatOf(last_heartbeat) }),
    before: { facts: factsOfRow(row), version: row.facts_version, state: row.state as NodeState },
  };
}
