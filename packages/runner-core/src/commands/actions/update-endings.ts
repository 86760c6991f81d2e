import type { Ending } from './command-action.js';
import { failed, interrupted, succeeded } from './ending.js';
import { updateDetails } from './update-details.js';
import type { UpdateLooks } from './update-looks.js';

type EndedUpdate = Pick<UpdateLooks, 'command' | 'notes' | 'current'>;

export function updateSucceeded({ current, notes }: EndedUpdate): Ending {
  return succeeded(updateDetails(current.app, notes.fromCommit));
}

export function updateRejected({ current, notes }: EndedUpdate): Ending {
  const message = `The device does not meet the requirements of the release ${nameOf(current.app.targetCommit)}.`;
  return failed('rejected', message, updateDetails(current.app, notes.fromCommit));
}

/** @param how whether the other release is the one that runs, took over before the end, or is the one to come */
export function otherRelease({ command, current, notes }: EndedUpdate, how: 'runs' | 'replaced' | 'is-target'): Ending {
  const { runningCommit, targetCommit } = current.app;
  const ordered = `The command was for the release ${nameOf(command.commit)}.`;
  const found = {
    runs: `The device runs the release ${nameOf(runningCommit)}.`,
    replaced: `The release ${nameOf(targetCommit)} replaced it before it had run long enough.`,
    'is-target': `The device is now to run the release ${nameOf(targetCommit)}.`,
  };
  return failed('other-release', `${ordered} ${found[how]}`, updateDetails(current.app, notes.fromCommit));
}

/** @param reason what keeps the update from going on, for a person */
export function updateStalled(reason: string | undefined, update?: EndedUpdate): Ending {
  const why = reason === undefined ? '' : ` ${reason}`;
  const message = `The update made no progress for 60 minutes.${why} The Supervisor continues on its own.`;
  return failed('stalled', message, update && updateDetails(update.current.app, update.notes.fromCommit));
}

export function askUnknown(): Ending {
  return interrupted("The Supervisor's answer was lost, and the device runs the same release as before.");
}

function nameOf(commit: string | undefined): string {
  return commit ?? '(unknown)';
}
