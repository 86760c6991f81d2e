import type { DeviceView } from '../device/device-view.js';
import { callSupervisor } from './call-supervisor.js';
import type { CommandAction } from './command-action.js';
import { containersNamed, findApp, serviceNamesOf } from './container-notes.js';
import { refused, succeeded } from './ending.js';
import { type ConcernedService, findConcernedService } from './find-concerned-service.js';
import { notesOfService } from './service-notes.js';

/** Stops a service until something starts it again. BaseRunner does not stop itself: nobody could start it from afar. */
export const stopService: CommandAction = {
  timedOut: 'failed',
  survivesRestart: true,
  mayAskAgain: () => false,

  prepare(command, view) {
    const concerned = findConcernedService(command, view);
    if (concerned.kind !== 'found') return concerned;
    if (mayBeOwn(concerned, view)) return { kind: 'end', ending: refused('own-agent', ownAgent) };
    if (isStopped(concerned.containers)) return { kind: 'end', ending: succeeded({ changed: false }) };
    return { kind: 'ready', notes: notesOfService(concerned, view) };
  },

  ask: async ({ appId, service = '', force }, calls, signal) =>
    callSupervisor(
      async () =>
        calls
          .app(appId)
          .service(service)
          .stop({ force: force === true, signal }),
      signal,
    ),

  watch(command, notes, view) {
    const [service = command.service ?? ''] = Object.keys(notes.containers);
    const isAppListed = findApp(view, notes.appId) !== undefined;
    if (isAppListed && isStopped(containersNamed(view, notes.appId, service)))
      return { kind: 'ended', ending: succeeded({ changed: true }) };
    const reason = view.unavailable ?? `The Supervisor was asked to stop ${service}.`;
    return { kind: 'goes-on', phase: 'restarting', reason, madeProgress: false };
  },
};

const ownAgent =
  'This service is BaseRunner itself, which could not be started again from Cloudly. To restart it, use restart-service.';

/** Where BaseRunner does not know which service of its app it is, it could be any. */
function mayBeOwn({ app, service, containers }: ConcernedService, { own }: DeviceView): boolean {
  if (containers.some(({ containerId }) => containerId !== undefined && containerId === own.containerId)) return true;
  if (own.appId !== undefined && own.appId !== app.appId) return false;
  if (own.service !== undefined) return own.service === service || serviceNamesOf(app).length === 1;
  const isListed = app.services.some(({ containerId }) => containerId !== undefined && containerId === own.containerId);
  return own.appId !== undefined && !isListed;
}

function isStopped(containers: ConcernedService['containers']): boolean {
  return containers.every(({ status }) => stopped.has(status));
}

/** `Stopped` is the word of the newest Supervisors, those in lower case are the engine's. */
const stopped: ReadonlySet<string> = new Set(['exited', 'Stopped', 'Dead', 'dead', 'created', 'Installed']);
