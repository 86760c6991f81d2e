import type { NodeStore } from '../fleet/node-store.js';
import { joinTokenState } from '../fleet/join-token.js';
import type { JoinTokenRecord } from '../fleet/join-token-record.js';
import type { OperatorOptions } from './operator-event.js';
import { runtime } from '../fleet/runtime.js';

export interface FreezeJoinTokensOptions extends OperatorOptions {
  /** When the backup was taken from which the fleet was restored, for the reason that operators read. */
  backupTakenAtMs: number;
}

/**
 * Revokes every join token that still admits nodes, in a fleet that was restored from a backup: uses since the backup
 * are not known, so a token could admit more nodes than it was created for. A token that is created afterwards is not
 * affected.
 *
 * @returns the records of the revoked join tokens.
 */
export async function freezeJoinTokens(
  store: Pick<NodeStore, 'listJoinTokens' | 'revokeJoinToken'>,
  { backupTakenAtMs, now = runtime.now }: FreezeJoinTokensOptions,
): Promise<JoinTokenRecord[]> {
  const nowMs = now();
  const reason = frozenReason(backupTakenAtMs);
  const frozen: JoinTokenRecord[] = [];
  for (const joinToken of await store.listJoinTokens()) {
    if (joinTokenState(joinToken, nowMs) !== 'usable') continue;
    const record = await store.revokeJoinToken(joinToken.id, nowMs, reason);
    // It may have been revoked since it was listed.
    if (record?.revokedReason === reason) frozen.push(record);
  }
  return frozen;
}

/** The `revokedReason` of a join token that is frozen. */
function frozenReason(backupTakenAtMs: number): string {
  return `its uses since the backup of ${new Date(backupTakenAtMs).toISOString()} are not known`;
}
