import type { CommandRequest } from '@serve.zone/baseos-contracts';
import type { AppView, DeviceView, SupervisorView } from '../device/device-view.js';
import type { Prepared } from './command-action.js';
import { failed } from './ending.js';

export type Concerned =
  | { kind: 'found'; supervisor: SupervisorView; app: AppView }
  | Exclude<Prepared, { kind: 'ready' | 'follow' }>;

const supervisorRetryMs = 10_000;

/** The app that a command is about: the one it names, or else BaseRunner's own. */
export function findConcernedApp({ appId }: Pick<CommandRequest, 'appId'>, view: DeviceView): Concerned {
  const { supervisor, own } = view;
  if (supervisor === undefined) return supervisorAway(view);
  const wanted = appId ?? own.appId;
  if (wanted === undefined) {
    const message = 'The command names no app (`appId`), and BaseRunner does not know its own (BALENA_APP_ID).';
    return { kind: 'end', ending: failed('malformed', message) };
  }
  const app = supervisor.apps.find((each) => each.appId === wanted);
  if (app !== undefined) return { kind: 'found', supervisor, app };
  const message = `App ${wanted} is not on this device, or BaseRunner's key gives no access to it.`;
  return { kind: 'end', ending: failed('out-of-scope', message) };
}

/** A command waits until the Supervisor answers. */
export function supervisorAway({ unavailable }: DeviceView): Extract<Prepared, { kind: 'wait' }> {
  const reason = unavailable ?? 'The Supervisor cannot be read now.';
  return { kind: 'wait', phase: 'postponed', reason, retryMs: supervisorRetryMs };
}
