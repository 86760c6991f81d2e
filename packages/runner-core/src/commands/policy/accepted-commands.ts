import {
  type Command,
  type CommandKind,
  commandKinds,
  type CommandRequest,
  type RuntimeStatus,
} from '@serve.zone/baseos-contracts';
import type { AcceptedKinds } from '../../config/accepted-kinds.js';
import { isLoopback } from '../../config/is-loopback.js';
import type { RunnerConfig } from '../../config/runner-config.js';

/** What the device's own settings let Cloudly do. */
export interface AcceptedCommands extends AcceptedKinds {
  /** Why nothing is accepted, where that is not what the operator set. */
  because?: string | undefined;
}

/**
 * Without a setting, every kind but `shutdown`, after which nobody could switch the device on, and no force. Over plain http,
 * whoever is on the way could command the device.
 */
export function acceptedCommands({
  commands,
  cloudlyUrl,
}: Pick<RunnerConfig, 'commands' | 'cloudlyUrl'>): AcceptedCommands {
  if (commands) return commands;
  if (cloudlyUrl?.protocol === 'http:' && !isLoopback(cloudlyUrl)) {
    return { kinds: [], force: false, because: 'the connection to Cloudly is plain http' };
  }
  return { kinds: commandKinds.filter((kind) => kind !== 'shutdown'), force: false };
}

/** What the status of the device says of it. `force` stands among the kinds, as in BASEOS_COMMANDS. */
export function acceptedWords({ kinds, force }: AcceptedCommands): RuntimeStatus['acceptedCommands'] {
  return [...kinds, ...(force && kinds.length > 0 ? ['force' as const] : [])];
}

/** Why the device's own settings forbid a command, for a person; `undefined` if they allow it. */
export function whyNotAccepted(
  { kind, force }: CommandRequest & Pick<Command, 'of'>,
  { kinds, force: mayForce, because }: AcceptedCommands,
): string | undefined {
  if (!kinds.includes(kind as CommandKind)) {
    return because === undefined
      ? `This device does not accept ${String(kind)} (BASEOS_COMMANDS).`
      : `This device accepts no commands, because ${because}. Set BASEOS_COMMANDS on the device to accept them.`;
  }
  if (force === true && !mayForce) return 'This device does not accept force (BASEOS_COMMANDS).';
  return undefined;
}
