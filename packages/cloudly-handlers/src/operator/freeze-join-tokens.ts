import type { FleetStore } from '../fleet/fleet-store.js';
import { joinTokenState } from '../fleet/join-token.js';
import type { JoinTokenRecord } from '../fleet/join-token-record.js';
import type { OperatorOptions } from './operator.js';
import { runtime } from '../fleet/runtime.js';

export interface FreezeJoinTokensOptions extends OperatorOptions {
  /** When the backup was taken that the fleet was restored from, for the reason that operators read. */
  backupTakenAtMs: number;
}

/**
 * Revokes every join token that still lets nodes in, of a fleet that was restored from a backup: what was used since the
 * backup was taken is forgotten, so a token may let in more nodes than it was made for. A token that is made afterwards is
 * a good one.
 *
 * @returns the records of those that it revoked, as they are then.
 */
export async function freezeJoinTokens(
  store: FleetStore,
  { backupTakenAtMs, now = runtime.now }: FreezeJoinTokensOptions,
): Promise<JoinTokenRecord[]> {
  const nowMs = now();
  const reason = frozenReason(backupTakenAtMs);
  const frozen: JoinTokenRecord[] = [];
  for (const joinToken of await store.listJoinTokens()) {
    if (joinTokenState(joinToken, nowMs) !== 'usable') continue;
    const record = await store.revokeJoinToken(joinToken.id, nowMs, reason);
    // Somebody else may have revoked it since it was listed.
    if (record?.revokedReason === reason) frozen.push(record);
  }
  return frozen;
}

/** The `revokedReason` of a join token that is frozen. */
function frozenReason(backupTakenAtMs: number): string {
  return `its uses since the backup of ${new Date(backupTakenAtMs).toISOString()} are not known`;
}
