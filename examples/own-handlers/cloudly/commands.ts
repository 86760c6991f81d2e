import { type Command, type CommandResult, limits } from '@serve.zone/baseos-contracts';
import type { CommandRecord, NodeRecord } from './fleet.ts';

function isDue({ expiresAtMs, isCancelled, result }: CommandRecord, nowMs: number): boolean {
  return !isCancelled && !result && nowMs < expiresAtMs;
}

/** The oldest that are due, as an answer lists them: in every answer, until there is a result (D-3, D-5). */
export function dueCommands({ commands }: NodeRecord, nowMs: number): Command[] {
  return commands
    .filter((command) => isDue(command, nowMs))
    .slice(0, limits.commandsMax)
    .map(({ id, kind, expiresAtMs }) => ({ id, kind, expiresInMs: expiresAtMs - nowMs }));
}

/**
 * The first result of a command counts, even a late one. Those of commands that the node never had are dropped (D-8,
 * D-9).
 */
export function takeResults({ commands }: NodeRecord, results: readonly CommandResult[]): void {
  for (const result of results) {
    const command = commands.find(({ id }) => id === result.id);
    if (command) command.result ??= result;
  }
}
