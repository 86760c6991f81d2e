import { type Command, limits } from '@serve.zone/baseos-contracts';
import type { CommandRecord } from './command-record.js';

/** A command that is due, as an answer lists it. */
export function listedCommand(command: CommandRecord, nowMs: number): Command {
  const { id, kind, force, appId, service, expiresAtMs } = command;
  return {
    id,
    kind,
    ...(force !== undefined && { force }),
    ...(appId !== undefined && { appId }),
    ...(service !== undefined && { service }),
    expiresInMs: Math.min(expiresAtMs - nowMs, limits.commandExpiresMaxMs),
  };
}
