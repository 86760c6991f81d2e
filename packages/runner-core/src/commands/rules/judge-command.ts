import { type Command, commandKinds, type CommandRequest, safeText } from '@serve.zone/baseos-contracts';
import type { Ending } from '../actions/command-action.js';
import type { AcceptedCommands } from '../policy/accepted-commands.js';
import { whyNotAccepted } from '../policy/accepted-commands.js';

/** How a command ends before its turn comes; `undefined` if it may wait for it. Nothing on the device is looked at. */
export function judgeCommand(
  command: CommandRequest & Pick<Command, 'of'>,
  accepted: AcceptedCommands | undefined,
): Ending | undefined {
  const { kind } = command;
  if (accepted === undefined || !isKnown(kind)) return unsupported(String(kind));
  if (kind === 'preview') return command.of === undefined ? malformed('A preview names no command (`of`).') : undefined;
  if (needsService.has(kind) && command.service === undefined) return malformed(`${kind} names no service.`);
  const reason = whyNotAccepted(command, accepted);
  return reason === undefined ? undefined : { outcome: 'refused', error: { code: 'not-accepted', message: reason } };
}

const needsService: ReadonlySet<string> = new Set(['restart-service', 'start-service', 'stop-service']);

function isKnown(kind: string): boolean {
  return commandKinds.some((known) => known === kind);
}

function malformed(message: string): Ending {
  return { outcome: 'failed', error: { code: 'malformed', message } };
}

function unsupported(kind: string): Ending {
  return {
    outcome: 'unsupported',
    error: {
      code: 'unsupported',
      message: `This version of BaseRunner, or the program that it runs in, does not carry out "${safeText(kind, 64)}".`,
    },
  };
}
