import { callSupervisor } from './call-supervisor.js';
import type { CommandAction } from './command-action.js';
import { notesOfApp } from './container-notes.js';
import { succeeded } from './ending.js';
import { findConcernedApp } from './find-concerned-app.js';
import { isOwnService, judgeRestart } from './restarted-service.js';
import { endAfterSoak } from './watch-soak.js';

/** Recreates the containers of an app. It is done when each service that ran has been restarted. */
export const restartApp: CommandAction = {
  timedOut: 'failed',
  survivesRestart: true,
  mayAskAgain: () => false,

  prepare(command, view) {
    const concerned = findConcernedApp(command, view);
    return concerned.kind === 'found' ? { kind: 'ready', notes: notesOfApp(concerned.app, view) } : concerned;
  },

  ask: async ({ appId, force }, calls, signal) =>
    callSupervisor(async () => calls.app(appId).restart({ force: force === true, signal }), signal),

  watch(command, notes, view, sinceAsk) {
    const names = Object.keys(notes.containers);
    // What restarted BaseRunner was the restart of its app, and its answer could reach nobody.
    const isOwnDone =
      sinceAsk.restarted &&
      names.some(
        (service) =>
          isOwnService(view, notes.appId, service) && judgeRestart({ service, notes, view, sinceAsk }) === 'done',
      );
    const accepted = sinceAsk.accepted || isOwnDone;
    const isDone =
      (names.length > 0 || accepted) &&
      names.every((service) => judgeRestart({ service, notes, view, sinceAsk: { ...sinceAsk, accepted } }) === 'done');
    if (sinceAsk.verifying || isDone) {
      return endAfterSoak({ command, appId: notes.appId, names, view, sinceAsk, ending: succeeded() });
    }
    return { kind: 'goes-on', phase: 'restarting', reason: view.unavailable, madeProgress: false };
  },
};
