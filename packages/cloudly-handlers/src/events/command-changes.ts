import { factText } from '../facts/fact-text.js';
import type { CommandRecord } from '../fleet/command-record.js';
import type { NodeChange } from './fleet-event.js';

/** What is told of a command that is queued. */
export function changeOfQueued(command: CommandRecord): NodeChange {
  const { commit, service, force, rolloutId } = command;
  const details = {
    ...named(command),
    ...(commit !== undefined && { commit }),
    ...(service !== undefined && { service }),
    ...(force !== undefined && { force }),
    ...(rolloutId !== undefined && { rolloutId }),
  };
  return { kind: 'command-queued', details };
}

/** What is told of a command that an operator has cancelled. */
export function changeOfCancelled(command: CommandRecord): NodeChange {
  return { kind: 'command-cancelled', details: named(command) };
}

/** What is told of a command that has its result; without what the node says for people. */
export function changeOfFinished(command: CommandRecord): NodeChange | undefined {
  const { result } = command;
  if (!result) return undefined;
  const code = factText(result.error?.code);
  const outcome = factText(result.outcome) ?? 'unknown';
  return { kind: 'command-finished', details: { ...named(command), outcome, ...(code !== undefined && { code }) } };
}

/** What is told of a command whose time is up. */
export function changeOfEnded(command: CommandRecord): NodeChange {
  const state = command.listedAtMs === undefined ? 'expired' : 'unknown';
  return { kind: 'command-ended', details: { ...named(command), state } };
}

function named({ id, kind }: CommandRecord) {
  return { commandId: id, command: kind };
}
