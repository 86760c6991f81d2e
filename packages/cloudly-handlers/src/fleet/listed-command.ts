import { type Command, limits } from '@serve.zone/baseos-contracts';
import type { CommandRecord } from './command-record.js';

/** A command that is due, as an answer lists it. */
export function listedCommand(command: CommandRecord, nowMs: number): Command {
  return {
    ...askedOf(command),
    expiresInMs: Math.min(command.expiresAtMs - nowMs, limits.commandExpiresMaxMs),
  };
}

/** The members of a command that the node gets as the operator gave them. */
export function askedOf(command: Omit<Command, 'expiresInMs'>): Omit<Command, 'expiresInMs'> {
  const { id, kind, force, appId, service, commit, timeoutMs, soakMs, of } = command;
  return {
    id,
    kind,
    ...(force !== undefined && { force }),
    ...(appId !== undefined && { appId }),
    ...(service !== undefined && { service }),
    ...(commit !== undefined && { commit }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(soakMs !== undefined && { soakMs }),
    ...(of !== undefined && { of }),
  };
}
