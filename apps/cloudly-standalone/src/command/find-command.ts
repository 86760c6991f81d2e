import type { CommandRecord, NodeStore } from '@serve.zone/baseos-cloudly-handlers';
import { OperationError } from './command-context.js';

/** A shorter beginning of an ID could be meant by accident. */
const PREFIX_MIN = 4;

/** How many of the last commands an ID may be shortened for: all that `node commands` shows. */
const RECENT = 100;

/**
 * The command of a node that has this ID, or the only recent one whose ID begins so.
 *
 * @throws OperationError if there is none, or several.
 */
export async function findCommand(store: NodeStore, nodeId: string, typed: string): Promise<CommandRecord> {
  const commandId = typed.toLowerCase();
  const known = await store.findCommand(nodeId, commandId);
  if (known) return known;
  const recent = commandId.length < PREFIX_MIN ? [] : await store.listCommands(nodeId, RECENT);
  const begun = recent.filter(({ id }) => id.startsWith(commandId));
  const [only, ...others] = begun;
  if (only && others.length === 0) return only;
  if (!only) {
    throw new OperationError(`Node ${nodeId} has no command ${typed}. \`node commands ${nodeId}\` shows all of them.`);
  }
  throw new OperationError(
    `Several commands of node ${nodeId} begin with ${typed}: ${begun.map(({ id }) => id).join(', ')}. Give more of the ID.`,
  );
}
