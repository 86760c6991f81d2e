import type { JoinTokenRecord } from '../fleet/join-token-record.js';
import type { ShownJoinToken } from './fleet.js';

/** Without its hash. */
export function shownJoinToken({ hash: _secret, ...record }: JoinTokenRecord): ShownJoinToken {
  return record;
}
