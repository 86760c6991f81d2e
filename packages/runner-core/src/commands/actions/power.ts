import { isSupervisorError } from '@serve.zone/balena-supervisor-client';
import type { SupervisorCommands } from '../../ports/supervisor-commands.js';
import { callSupervisor } from './call-supervisor.js';
import type { CommandAction } from './command-action.js';
import { containersOf, findApp } from './container-notes.js';
import { succeeded } from './ending.js';
import { supervisorAway } from './find-concerned-app.js';
import { endAfterSoak } from './watch-soak.js';

/** Reboots the device: another boot of the kernel is the proof. */
export const reboot: CommandAction = powerAction('reboot');

/** Shuts the device down. That is known once somebody has switched it on again. */
export const shutdown: CommandAction = powerAction('shutdown');

function powerAction(call: 'reboot' | 'shutdown'): CommandAction {
  return {
    timedOut: 'interrupted',
    survivesRestart: true,
    mayAskAgain: () => false,

    prepare(_command, view) {
      if (view.supervisor === undefined) return supervisorAway(view);
      const { appId } = view.own;
      const app = findApp(view, appId);
      const containers = app === undefined ? {} : containersOf(app);
      return { kind: 'ready', notes: { kernelBootId: view.kernelBootId, appId, containers } };
    },

    ask: async ({ force }, calls, signal) =>
      callSupervisor(async () => powerCall(calls, call, { force: force === true, signal }), signal),

    watch(command, notes, view, sinceAsk) {
      const before = notes.kernelBootId;
      if (before === undefined || view.kernelBootId === undefined || view.kernelBootId === before) {
        const reason = call === 'shutdown' ? 'The Supervisor was asked to shut the device down.' : undefined;
        return { kind: 'goes-on', phase: 'restarting', reason, madeProgress: false };
      }
      const names = Object.keys(notes.containers);
      return endAfterSoak({ command, appId: notes.appId, names, view, sinceAsk, ending: succeeded() });
    },
  };
}

/**
 * `force` would also override an update of the host OS, which must never be cut off. So the Supervisor is asked without it
 * first, and says who is in the way: it looks at the host OS before it looks at the locks of services.
 */
async function powerCall(
  calls: SupervisorCommands,
  call: 'reboot' | 'shutdown',
  { force, signal }: { force: boolean; signal: AbortSignal },
): Promise<void> {
  try {
    await calls[call]({ signal });
  } catch (error) {
    if (!force || !isSupervisorError(error) || error.lock !== 'user-lock') throw error;
    await calls[call]({ force: true, signal });
  }
}
