import type { JoinTokenRecord } from '../fleet/join-token-record.js';
import type { FleetWideEventBody } from './fleet-event.js';

/** What is told of a join token that is created. */
export function changeOfJoinToken({ id, maxUses, description }: JoinTokenRecord): FleetWideEventBody {
  const details = { joinTokenId: id, uses: maxUses, ...(description !== undefined && { description }) };
  return { kind: 'join-token-created', details };
}

/** What is told of a join token that is revoked. */
export function changeOfRevokedJoinToken({ id, revokedReason }: JoinTokenRecord): FleetWideEventBody {
  const details = { joinTokenId: id, ...(revokedReason !== undefined && { reason: revokedReason }) };
  return { kind: 'join-token-revoked', details };
}
