import { callSupervisor } from './call-supervisor.js';
import type { CommandAction } from './command-action.js';
import { containersNamed, isRunning } from './container-notes.js';
import { succeeded } from './ending.js';
import { findConcernedService } from './find-concerned-service.js';
import { notesOfService } from './service-notes.js';
import { endAfterSoak } from './watch-soak.js';

/** Starts a service that is stopped. It is done when its container runs. */
export const startService: CommandAction = {
  timedOut: 'failed',
  survivesRestart: true,
  mayAskAgain: () => false,

  prepare(command, view) {
    const concerned = findConcernedService(command, view);
    if (concerned.kind !== 'found') return concerned;
    if (concerned.containers.some(isRunning)) return { kind: 'end', ending: succeeded({ changed: false }) };
    return { kind: 'ready', notes: notesOfService(concerned, view) };
  },

  ask: async ({ appId, service = '' }, calls, signal) =>
    callSupervisor(async () => calls.app(appId).service(service).start({ signal }), signal),

  watch(command, notes, view, sinceAsk) {
    const [service = command.service ?? ''] = Object.keys(notes.containers);
    const found = containersNamed(view, notes.appId, service);
    if (sinceAsk.verifying || found.some(isRunning)) {
      const { appId } = notes;
      return endAfterSoak({ command, appId, names: [service], view, sinceAsk, ending: succeeded({ changed: true }) });
    }
    const [container] = found;
    const reason = container === undefined ? view.unavailable : `The container of ${service} is ${container.status}.`;
    return { kind: 'goes-on', phase: 'restarting', reason, madeProgress: false };
  },
};
