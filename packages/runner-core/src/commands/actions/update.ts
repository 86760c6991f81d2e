import { callSupervisor } from './call-supervisor.js';
import type { CommandAction } from './command-action.js';
import { findConcernedApp } from './find-concerned-app.js';
import { prepareUpdate } from './prepare-update.js';
import { watchUpdate } from './watch-update.js';

/**
 * Installs the release that the device is to run. It is done when that runs in its containers and has kept running. The
 * request is right for every Supervisor: without `cancel`, those since 17.5 would leave it waiting behind a failed attempt.
 */
export const update: CommandAction = {
  timedOut: 'failed',
  survivesRestart: true,
  prepare: prepareUpdate,
  watch: watchUpdate,

  ask: async ({ force }, calls, signal) =>
    callSupervisor(async () => calls.update({ force: force === true, cancel: true, signal }), signal),

  /** A second request changes nothing, except that it aborts a download and, with `force`, overrides a lock again. */
  mayAskAgain(command, view) {
    const concerned = findConcernedApp(command, view);
    return command.force !== true && concerned.kind === 'found' && !concerned.app.isDownloading;
  },
};
