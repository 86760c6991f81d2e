import { type CallerFleet, type CommandRecord, isFleetError } from '@serve.zone/baseos-cloudly-handlers';
import { OperationError } from '../command/command-context.js';

/** A shorter beginning of an ID could be meant by accident. */
const PREFIX_MIN = 4;

/** How many of the last commands an ID may be shortened for: all that `node commands` shows. */
const RECENT = 100;

/**
 * The command of a node that has this ID, or the only recent one whose ID begins so.
 *
 * @throws OperationError if there is none, or several.
 */
export async function findCommand(fleet: CallerFleet, nodeId: string, typed: string): Promise<CommandRecord> {
  const commandId = typed.toLowerCase();
  try {
    return await fleet.getCommand(nodeId, commandId);
  } catch (error) {
    if (!isFleetError(error) || error.code !== 'command-unknown') throw error;
  }
  const recent = commandId.length < PREFIX_MIN ? [] : await fleet.listCommands(nodeId, RECENT);
  const begun = recent.filter(({ id }) => id.startsWith(commandId));
  const [only, ...others] = begun;
  if (only && others.length === 0) return only;
  if (!only) {
    throw new OperationError(`Node ${nodeId} has no command ${typed}. \`node commands ${nodeId}\` shows all of them.`);
  }
  const ids = begun.map(({ id }) => id).join(', ');
  throw new OperationError(`Several commands of node ${nodeId} begin with ${typed}: ${ids}. Give more of the ID.`);
}
