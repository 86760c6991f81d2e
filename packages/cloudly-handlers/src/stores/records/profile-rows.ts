import type { NodeProfile } from '../../fleet/node-profile.js';

export interface ProfileRow {
  node_id: string;
  revision: number;
  record: string;
}

/** Values by column, in the order of the table. The record leaves out the two columns. */
export function profileColumns({ nodeId, revision, ...rest }: NodeProfile): ProfileRow {
  return { node_id: nodeId, revision, record: JSON.stringify(rest) };
}

export function profileOf({ node_id, revision, record }: ProfileRow): NodeProfile {
  return { ...(JSON.parse(record) as Omit<NodeProfile, 'nodeId' | 'revision'>), nodeId: node_id, revision };
}

export interface LabelRow {
  node_id: string;
  key: string;
  value: string;
}

/** Each label of a node as a row, in the order of the columns. */
export function labelRows({ nodeId, labels }: Pick<NodeProfile, 'nodeId' | 'labels'>): LabelRow[] {
  return Object.entries(labels).map(([key, value]) => ({ node_id: nodeId, key, value }));
}
