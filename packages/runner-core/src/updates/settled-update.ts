import { isContainerPassing } from './containers.js';
import { sortTargetServices } from './target-services.js';
import { updateStage } from './update-stage.js';
import type { UpdateSample } from './update-sample.js';

/**
 * Whether the app runs its target release and nothing is left to do. Two looks in a row must say so: the Supervisor's
 * answers can briefly disagree. Pure.
 *
 * @param samples oldest first
 */
export function isUpdateApplied(samples: readonly UpdateSample[]): boolean {
  const [before, after] = samples.slice(-2);
  if (before === undefined || after === undefined) return false;
  if (before.app.runningCommit !== after.app.runningCommit) return false;
  return updateStage(before).kind === 'applied' && updateStage(after, before).kind === 'applied';
}

/** Whether the Supervisor has rejected the target release, by two looks in a row. Pure. */
export function isUpdateRejected(samples: readonly UpdateSample[]): boolean {
  const [before, after] = samples.slice(-2);
  if (before === undefined || after === undefined) return false;
  if (before.app.targetCommit !== after.app.targetCommit) return false;
  return [before, after].every(({ app }) => app.updateStatus === 'rejected');
}

/**
 * Whether another release than before runs in all its containers, by two looks in a row. The flags do not count: they are
 * those of the whole device, so that a lock in another app keeps them up. Pure.
 *
 * @param before the release that ran before
 */
export function isReleaseReplaced(samples: readonly UpdateSample[], before: string | undefined): boolean {
  const lastTwo = samples.slice(-2).map(({ app }) => app);
  return (
    lastTwo.length === 2 &&
    before !== undefined &&
    lastTwo.every((app) => {
      const { awaited, downloaded, created } = sortTargetServices(app);
      const isWhole = created.length > 0 && awaited.length + downloaded.length === 0;
      const isOther = app.runningCommit !== undefined && app.runningCommit !== before;
      return isWhole && isOther && app.runningCommit === app.targetCommit && !isContainerPassing(app);
    })
  );
}
