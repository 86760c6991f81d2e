import { limits } from '@serve.zone/baseos-contracts';
import type { CommandOrder } from '../fleet/command-order.js';
import type { CommandRecord } from '../fleet/command-record.js';
import { cancelCommand as cancel } from '../operator/cancel-command.js';
import { orderMistake, queueCommand as queue } from '../operator/queue-command.js';
import { type Call, requireLimit, requireNode, requireRole, throwUnknownNode } from './call.js';
import type { CancelledCommand, QueuedCommand } from './fleet.js';
import { FleetError } from './fleet-error.js';
import { requireUuid } from './require-uuid.js';

const COMMANDS = 100;
const COMMANDS_MAX = 1000;

export async function queueCommand(
  call: Call,
  nodeId: string,
  order: CommandOrder,
  commandId: string = globalThis.crypto.randomUUID(),
): Promise<QueuedCommand> {
  requireOrder(call, order);
  requireUuid(commandId);
  const queued = await queue(call.store, nodeId, order, { now: () => call.nowMs, commandId });
  if (queued.outcome === 'queued') return { command: queued.command, warnings: queued.warnings };
  if (queued.outcome === 'node-unknown') return throwUnknownNode(nodeId);
  if (queued.outcome === 'command-exists') {
    throw new FleetError('id-taken', `Node ${nodeId} has another command with the ID ${commandId}`, {
      remedy: 'Choose another ID.',
    });
  }
  throw new FleetError('commands-due', `Node ${nodeId} has ${limits.commandsMax} commands that are due`, {
    remedy: 'It is sent no more at a time. Wait until one is over, or cancel one.',
  });
}

/** @throws FleetError for a command that no node could carry out, or that the caller may not send */
export function requireOrder(call: Pick<Call, 'caller'>, order: CommandOrder): void {
  const mistake = orderMistake(order);
  if (mistake !== undefined) throw new FleetError('command-invalid', mistake, { remedy: 'Correct the command.' });
  if (order.force) requireRole(call, 'admin', 'override update locks (force)');
}

export async function cancelCommand(call: Call, nodeId: string, commandId: string): Promise<CancelledCommand> {
  await requireNode(call, nodeId);
  const cancelled = await cancel(call.store, nodeId, commandId, { now: () => call.nowMs });
  return cancelled.outcome === 'command-unknown' ? throwUnknownCommand(nodeId, commandId) : cancelled;
}

export async function getCommand(call: Call, nodeId: string, commandId: string): Promise<CommandRecord> {
  await requireNode(call, nodeId);
  return (await call.store.findCommand(nodeId, commandId)) ?? throwUnknownCommand(nodeId, commandId);
}

export async function listCommands(call: Call, nodeId: string, limit: number = COMMANDS): Promise<CommandRecord[]> {
  await requireNode(call, nodeId);
  return call.store.listCommands(nodeId, requireLimit(limit, COMMANDS_MAX));
}

function throwUnknownCommand(nodeId: string, commandId: string): never {
  throw new FleetError('command-unknown', `Node ${nodeId} has no command ${commandId}`, {
    remedy: 'List its commands. They are kept for 90 days.',
  });
}
