import type { IssuedNodeToken, NodeRecord } from '../fleet/node-record.js';
import type { Role } from '../roles/role.js';
import type { ShownRecord } from './fleet.js';

/** What a caller with this role sees of a record. */
export function shownRecord(node: NodeRecord, role: Role): ShownRecord {
  const { registrationKeyHash, approvalCode, rebind, currentToken, nextToken, supersededBoots: _own, ...rest } = node;
  const isShown = role !== 'view';
  return {
    ...rest,
    ...(isShown && { approvalCode }),
    ...(rebind && { rebind: { untilMs: rebind.untilMs, ...(isShown && { approvalCode: rebind.approvalCode }) } }),
    ...(currentToken && { currentToken: withoutHash(currentToken) }),
    ...(nextToken && { nextToken: withoutHash(nextToken) }),
    isLegacy: registrationKeyHash === undefined,
  };
}

function withoutHash({ id, issuedAtMs }: IssuedNodeToken): Omit<IssuedNodeToken, 'hash'> {
  return { id, issuedAtMs };
}
