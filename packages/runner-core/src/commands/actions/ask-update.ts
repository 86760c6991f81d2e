import type { CommandRequest } from '@serve.zone/baseos-contracts';
import type { SupervisorCommands } from '../../ports/supervisor-commands.js';
import { callSupervisor } from './call-supervisor.js';
import type { Asked } from './command-action.js';
import { failed } from './ending.js';

/**
 * Asks for an update. The request is right for every Supervisor: without `cancel`, those since 17.5 would leave it waiting
 * behind a failed attempt.
 */
export async function askUpdate(
  { force }: Pick<CommandRequest, 'force'>,
  calls: SupervisorCommands,
  signal: AbortSignal,
): Promise<Asked> {
  let isDeferred = false;
  const asked = await callSupervisor(async () => {
    const { outcome } = await calls.update({ force: force === true, cancel: true, signal });
    isDeferred = outcome === 'accepted' && (await isIgnored(calls, signal));
  }, signal);
  return isDeferred ? { kind: 'ended', ending: failed('instant-updates-off', deferred) } : asked;
}

const deferred =
  'Instant updates are disabled on this device, so the Supervisor ignored the request. It looks for releases at its own intervals.';

/**
 * Whether a request that was only accepted is without effect. A release that is pending goes on by itself. Of an answer that
 * the relay in front of newer Supervisors may have given, nobody can tell: it gives the same one to every request.
 */
async function isIgnored(calls: SupervisorCommands, signal: AbortSignal): Promise<boolean> {
  const device = await calls.device({ signal }).catch(() => undefined);
  if (device === undefined || device.updatePending) return false;
  const [, major = Infinity, minor = 0] = /^v?(\d+)\.(\d+)/.exec(device.supervisorVersion)?.map(Number) ?? [];
  return major < 18 || (major === 18 && minor > 0);
}
