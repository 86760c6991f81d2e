import { type CommandResult, safeText } from '@serve.zone/baseos-contracts';
import type { UpdatedApp } from '../../updates/update-sample.js';

const commitMaxLength = 128;

/** What the result of an update tells: the release that runs, the one that ran before, and whether they differ. */
export function updateDetails(
  { runningCommit }: Pick<UpdatedApp, 'runningCommit'>,
  previousCommit: string | undefined,
): NonNullable<CommandResult['details']> {
  const isKnown = runningCommit !== undefined && previousCommit !== undefined;
  return {
    ...(runningCommit !== undefined && { commit: safeText(runningCommit, commitMaxLength) }),
    ...(previousCommit !== undefined && { previousCommit: safeText(previousCommit, commitMaxLength) }),
    ...(isKnown && { changed: runningCommit !== previousCommit }),
  };
}
