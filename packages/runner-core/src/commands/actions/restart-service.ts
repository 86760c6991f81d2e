import { callSupervisor } from './call-supervisor.js';
import type { CommandAction } from './command-action.js';
import { succeeded } from './ending.js';
import { findConcernedService } from './find-concerned-service.js';
import { judgeRestart } from './restarted-service.js';
import { notesOfService } from './service-notes.js';
import { endAfterSoak } from './watch-soak.js';

/** Stops a service and recreates its container. */
export const restartService: CommandAction = {
  timedOut: 'failed',
  survivesRestart: true,
  mayAskAgain: () => false,

  prepare(command, view) {
    const concerned = findConcernedService(command, view);
    return concerned.kind === 'found' ? { kind: 'ready', notes: notesOfService(concerned, view) } : concerned;
  },

  ask: async ({ appId, service = '', force }, calls, signal) =>
    callSupervisor(
      async () =>
        calls
          .app(appId)
          .service(service)
          .restart({ force: force === true, signal }),
      signal,
    ),

  watch(command, notes, view, sinceAsk) {
    const [service = command.service ?? ''] = Object.keys(notes.containers);
    if (sinceAsk.verifying || judgeRestart({ service, notes, view, sinceAsk }) === 'done') {
      const { appId } = notes;
      return endAfterSoak({ command, appId, names: [service], view, sinceAsk, ending: succeeded() });
    }
    return { kind: 'goes-on', phase: 'restarting', reason: view.unavailable, madeProgress: false };
  },
};
