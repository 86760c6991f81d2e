import { callSupervisor } from './call-supervisor.js';
import type { CommandAction } from './command-action.js';
import { interrupted, succeeded } from './ending.js';
import { supervisorAway } from './find-concerned-app.js';

/** Blinks the LED of the device. The answer of the Supervisor is the outcome. */
export const blink: CommandAction = {
  timedOut: 'interrupted',
  survivesRestart: false,
  mayAskAgain: () => false,

  prepare(_command, view) {
    if (view.supervisor === undefined) return supervisorAway(view);
    return { kind: 'ready', notes: { kernelBootId: view.kernelBootId, containers: {} } };
  },

  async ask(_command, calls, signal) {
    const asked = await callSupervisor(async () => calls.blink({ signal }), signal);
    return asked.kind === 'accepted' ? { kind: 'ended', ending: succeeded() } : asked;
  },

  watch: () => ({ kind: 'ended', ending: interrupted('It is not known whether the LED of the device has blinked.') }),
};
