import {
  freezeJoinTokens,
  type JoinTokenRecord,
  joinTokenState,
  type NodeCounts,
} from '@serve.zone/baseos-cloudly-handlers';
import type { OpenDatabase } from '../database/open-database.js';

export interface RecoverFleetOptions {
  /** When the backup was taken from which the fleet was restored. */
  takenAtMs: number;
  /** Whether to change nothing and only report what would change. */
  isDryRun: boolean;
  nowMs: number;
}

export interface Recovery {
  takenAtMs: number;
  isDryRun: boolean;
  /** Now, or when the backup was taken; with `isDryRun`, also those that would be frozen. */
  frozenJoinTokens: JoinTokenRecord[];
  nodes: NodeCounts;
}

/** Makes a restored fleet safe: a join token that could admit more nodes than it was created for admits none. */
export async function recoverFleet(
  { store, backupTakenAtMs, forgetBackup }: OpenDatabase,
  { takenAtMs, isDryRun, nowMs }: RecoverFleetOptions,
): Promise<Recovery> {
  const joinTokens = await store.listJoinTokens();
  const frozenBefore = joinTokens.filter((joinToken) => isFrozenAt(joinToken, backupTakenAtMs));
  const frozen = isDryRun
    ? joinTokens.filter((joinToken) => joinTokenState(joinToken, nowMs) === 'usable')
    : await freezeJoinTokens(store, { backupTakenAtMs: takenAtMs, now: () => nowMs });
  const nodes = await store.countNodes(nowMs);
  // This comes last: until then, it can be run again from the start.
  if (!isDryRun) await forgetBackup();
  return { takenAtMs, isDryRun, frozenJoinTokens: [...frozenBefore, ...frozen], nodes };
}

/** The join tokens of a backup are frozen as of its own time. */
function isFrozenAt({ revokedAtMs, revokedReason }: JoinTokenRecord, backupTakenAtMs: number | undefined): boolean {
  return backupTakenAtMs !== undefined && revokedAtMs === backupTakenAtMs && revokedReason !== undefined;
}
