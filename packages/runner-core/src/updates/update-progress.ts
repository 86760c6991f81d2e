import { hasNewContainer } from './containers.js';
import { sortTargetServices } from './target-services.js';
import { updateStage } from './update-stage.js';
import type { UpdateSample } from './update-sample.js';

/**
 * Whether an update got on between two looks: another release, a further image or container, or more of a download. An
 * attempt that fails and begins again is no progress. Pure.
 */
export function hasUpdateProgressed(before: UpdateSample, after: UpdateSample): boolean {
  const [earlier, later] = [before.app, after.app];
  if (earlier.targetCommit !== later.targetCommit || earlier.runningCommit !== later.runningCommit) return true;
  if (hasNewContainer(earlier, later)) return true;
  const [had, has] = [sortTargetServices(earlier), sortTargetServices(later)];
  if (has.created.length > had.created.length) return true;
  if (has.created.length + has.downloaded.length > had.created.length + had.downloaded.length) return true;
  return earlier.isDownloading && later.isDownloading && percentOf(after) > percentOf(before);
}

function percentOf(sample: UpdateSample): number {
  const stage = updateStage(sample);
  return stage.kind === 'downloading' ? stage.progressPercent : 0;
}
