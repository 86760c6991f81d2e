import type { CommandRecord, FleetStore } from '@serve.zone/baseos-cloudly-handlers';
import { OperationError } from './command-context.js';

/** More than a node has in 90 days, unless programs queue them. */
const COMMANDS_SEARCHED = 10_000;

/** @throws OperationError if the node has no such command. */
export async function findCommand(store: FleetStore, nodeId: string, commandId: string): Promise<CommandRecord> {
  const commands = await store.listCommands(nodeId, COMMANDS_SEARCHED);
  const command = commands.find(({ id }) => id === commandId.toLowerCase());
  if (command) return command;
  throw new OperationError(
    `Node ${nodeId} has no command ${commandId}. \`node commands ${nodeId}\` shows all of them.`,
  );
}
