import type { CommandRecord, NodeStore } from '@serve.zone/baseos-cloudly-handlers';
import { OperationError } from './command-context.js';

/** @throws OperationError if the node has no such command. */
export async function findCommand(store: NodeStore, nodeId: string, commandId: string): Promise<CommandRecord> {
  const command = await store.findCommand(nodeId, commandId.toLowerCase());
  if (command) return command;
  throw new OperationError(
    `Node ${nodeId} has no command ${commandId}. \`node commands ${nodeId}\` shows all of them.`,
  );
}
