import {
  type BulkProgress,
  joinTokenState,
  type NodeCounts,
  type Rollout,
  type ShownJoinToken,
  type ShownWebhook,
} from '@serve.zone/baseos-cloudly-handlers';
import type { LocalFleet } from '../operator/with-fleet.js';
import { recoverAccounts, type RecoveredAccounts } from './recover-accounts.js';

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
  frozenJoinTokens: ShownJoinToken[];
  /** Those that ran when the backup was taken; with `isDryRun`, they would be stopped. */
  stoppedJobs: BulkProgress[];
  /** Those that went on when the backup was taken; with `isDryRun`, they would be paused. */
  pausedRollouts: Rollout[];
  /** Now, or when the backup was taken; with `isDryRun`, also those that would be disabled. */
  disabledWebhooks: ShownWebhook[];
  accounts: RecoveredAccounts;
  nodes: NodeCounts;
}

/**
 * Makes a restored fleet safe: a join token that could admit more nodes than it was created for admits none, a job that may have
 * gone on after the backup does not begin again, rollouts are paused, webhooks are disabled, nobody has a session, an invitation or an API token, and
 * readers of events start over.
 */
export async function recoverFleet(
  { fleet, store, database: { backupTakenAtMs, forgetBackup } }: LocalFleet,
  { takenAtMs, isDryRun, nowMs }: RecoverFleetOptions,
): Promise<Recovery> {
  const joinTokens = await fleet.listJoinTokens();
  const frozenBefore = joinTokens.filter((joinToken) => isFrozenAt(joinToken, backupTakenAtMs));
  const disabledWebhooks = (await fleet.listWebhooks()).filter(isSending);
  const running = (await fleet.listBulk(JOBS_MAX)).filter(isRunning);
  const { revoked: frozen, paused } = isDryRun
    ? {
        revoked: joinTokens.filter((joinToken) => joinTokenState(joinToken, nowMs) === 'usable'),
        paused: (await fleet.listRollouts({ states: ['starting', 'running', 'paused'], limit: ROLLOUTS_MAX })).filter(
          goesOn,
        ),
      }
    : await fleet.recover(takenAtMs);
  if (!isDryRun) for (const { job } of running) await fleet.stopBulk(job.id);
  const accounts = await recoverAccounts(store, { takenAtMs, backupTakenAtMs, isDryRun, nowMs });
  const nodes = await store.countNodes(nowMs);
  // This comes last: until then, it can be run again from the start.
  if (!isDryRun) await forgetBackup();
  return {
    takenAtMs,
    isDryRun,
    frozenJoinTokens: [...frozenBefore, ...frozen],
    stoppedJobs: running,
    pausedRollouts: paused,
    disabledWebhooks,
    accounts,
    nodes,
  };
}

const ROLLOUTS_MAX = 1000;

/** Until now, or until the backup was taken. */
function isSending({ disabled }: ShownWebhook): boolean {
  return disabled === undefined || disabled.reason === 'restored';
}

/** By itself, at once or once its window opens. */
function goesOn({ state, pause }: Rollout): boolean {
  return state !== 'paused' || pause?.reason === 'window';
}

/** More jobs are never listed at once; those that run are among the newest. */
const JOBS_MAX = 1000;

function isRunning({ job: { confirmedAtMs, stoppedAtMs, endedAtMs } }: BulkProgress): boolean {
  return confirmedAtMs !== undefined && stoppedAtMs === undefined && endedAtMs === undefined;
}

/** The join tokens of a backup are frozen as of its own time. */
function isFrozenAt({ revokedAtMs, revokedReason }: ShownJoinToken, backupTakenAtMs: number | undefined): boolean {
  return backupTakenAtMs !== undefined && revokedAtMs === backupTakenAtMs && revokedReason !== undefined;
}
