import type { NodeRecord } from '../fleet/node-record.js';
import type { NodeApproval } from './node-facts.js';

/** What an operator has decided about a node. */
export function approvalOf({
  approvedAtMs,
  revokedAtMs,
}: Pick<NodeRecord, 'approvedAtMs' | 'revokedAtMs'>): NodeApproval {
  if (revokedAtMs !== undefined) return 'revoked';
  return approvedAtMs === undefined ? 'pending' : 'approved';
}
