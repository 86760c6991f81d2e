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
