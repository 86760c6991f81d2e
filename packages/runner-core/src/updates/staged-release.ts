import { runsTarget, updateStage } from './update-stage.js';
import type { UpdateSample } from './update-sample.js';

/**
 * The release that is downloaded and waits to be installed, if there is one. Pure.
 *
 * The Supervisor says so itself since 17.7, but never of services that are stopped before their download. Then, and before
 * 17.7, a release is staged if two looks in a row show an attempt that has failed or is about to install, and no download. A
 * release of which no image has come is not: its download fails, or all of its services are stopped before it.
 *
 * @param samples oldest first
 */
export function findStagedRelease(samples: readonly UpdateSample[]): string | undefined {
  const [before, after] = [samples.at(-2), samples.at(-1)];
  if (after === undefined || !after.updatePending || runsTarget(after.app)) return undefined;
  const { targetCommit, updateStatus } = after.app;
  if (isInTheWay(after, before)) return undefined;
  if (updateStatus === 'downloaded') return targetCommit;
  if (before === undefined || before.app.targetCommit !== targetCommit || !isWaiting(before)) return undefined;
  return isWaiting(after) ? targetCommit : undefined;
}

function isInTheWay(after: UpdateSample, before: UpdateSample | undefined): boolean {
  const stage = updateStage(after, before);
  if (stage.kind === 'downloading' || stage.kind === 'installing') return true;
  // The flag is the same for a lock and for an installation that fails: then everything is there.
  return stage.kind === 'failing' && (!after.updateFailed || stage.failure !== 'installation');
}

function isWaiting(sample: UpdateSample): boolean {
  if (!sample.updatePending || sample.app.isDownloading) return false;
  return sample.updateFailed || updateStage(sample).kind === 'downloaded';
}
