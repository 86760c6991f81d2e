import {
  freezeJoinTokens,
  type JoinTokenRecord,
  joinTokenState,
  type NodeCounts,
} from '@serve.zone/baseos-cloudly-handlers';
import type { OpenDatabase } from '../database/open-database.js';

export interface RecoverFleetOptions {
  /** When the backup was taken that the fleet was restored from. */
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

/** Makes a restored fleet safe: a join token that could admit more nodes than it was made for admits none. */
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
  // The last of all: until then it can be run again as if it never had been.
  if (!isDryRun) await forgetBackup();
  return { takenAtMs, isDryRun, frozenJoinTokens: [...frozenBefore, ...frozen], nodes };
}

/** A backup has its join tokens frozen as of its own instant. */
function isFrozenAt({ revokedAtMs, revokedReason }: JoinTokenRecord, backupTakenAtMs: number | undefined): boolean {
  return backupTakenAtMs !== undefined && revokedAtMs === backupTakenAtMs && revokedReason !== undefined;
}
