import type { DeviceView, ServiceView } from '../device/device-view.js';
import type { AskNotes, SinceAsk } from './command-action.js';
import { containersNamed, isRunning } from './container-notes.js';

/** Whether a service has been restarted since its container was noted: `unknown` if nothing proves it yet. */
export type Restart = 'done' | 'under-way' | 'unknown';

export interface RestartParts {
  service: string;
  notes: AskNotes;
  view: DeviceView;
  sinceAsk: Pick<SinceAsk, 'accepted' | 'restarted' | 'sawOwnStop' | 'samples'>;
}

/** Judges by the container: another ID proves a restart, and so does the word of the Supervisor. Pure. */
export function judgeRestart(parts: RestartParts): Restart {
  const { service, notes, view, sinceAsk } = parts;
  const isOwn = isOwnService(view, notes.appId, service);
  const isProven = sinceAsk.accepted || isReplaced(parts) || (isOwn && sinceAsk.restarted && sinceAsk.sawOwnStop);
  if (!isProven) return 'unknown';
  // What runs this code was started: BaseRunner's own service needs no look at its container.
  if (isOwn && sinceAsk.restarted) return 'done';
  return hasSettled(parts) ? 'done' : 'under-way';
}

/** Whether BaseRunner is this service of this app. */
export function isOwnService({ own }: DeviceView, appId: number | undefined, service: string): boolean {
  return own.service === service && (own.appId === undefined || appId === undefined || own.appId === appId);
}

function isReplaced({ service, notes, view }: RestartParts): boolean {
  const before = notes.containers[service];
  const ids = containersNamed(view, notes.appId, service).map(({ containerId }) => containerId);
  // The container that this process is in tells more than a list, which may have the next one beside it. It counts only if
  // it is one of this Supervisor.
  const { containerId: ownId } = view.own;
  if (ownId !== undefined && ids.includes(ownId) && isOwnService(view, notes.appId, service)) return ownId !== before;
  return ids.length > 0 && ids.every((id) => id !== undefined && id !== before);
}

/** It runs, or it has run to its end in a new container, as two looks in a row say. */
function hasSettled(parts: RestartParts): boolean {
  const { service, notes, view, sinceAsk } = parts;
  if (containersNamed(view, notes.appId, service).some(isRunning)) return true;
  if (!isReplaced(parts)) return false;
  const looks = sinceAsk.samples.slice(-2).map((look) => containersNamed(look, notes.appId, service));
  return looks.length === 2 && looks.every((found) => found.length > 0 && found.every(hasEnded));
}

function hasEnded({ status }: ServiceView): boolean {
  return status === 'exited';
}
