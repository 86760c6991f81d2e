import { askUpdate } from './ask-update.js';
import type { CommandAction } from './command-action.js';
import { findConcernedApp } from './find-concerned-app.js';
import { prepareUpdate } from './prepare-update.js';
import { watchUpdate } from './watch-update.js';

/** Installs the release that the device is to run. It is done when that runs in its containers and has kept running. */
export const update: CommandAction = {
  timedOut: 'failed',
  survivesRestart: true,
  prepare: prepareUpdate,
  ask: askUpdate,
  watch: watchUpdate,

  /** A second request changes nothing, except that it aborts a download and, with `force`, overrides a lock again. */
  mayAskAgain(command, view) {
    const concerned = findConcernedApp(command, view);
    return command.force !== true && concerned.kind === 'found' && !concerned.app.isDownloading;
  },
};
