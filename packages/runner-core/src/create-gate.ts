import type { ResolvedOptions } from './base-runner-options.js';
import { acceptedCommands } from './commands/policy/accepted-commands.js';
import { ReleaseGate, type ReleaseGateParts } from './gate/release-gate.js';

/** The gate of this device. A device without Cloudly has none, because nobody could open it. */
export function createGate(
  { config, commandSupervisor, takeUpdateLock: takeLock, gateMemory: memory, clock, logger }: ResolvedOptions,
  parts: Pick<ReleaseGateParts, 'look' | 'onNews' | 'stopping'>,
): ReleaseGate {
  const mayUpdate = commandSupervisor !== undefined && acceptedCommands(config).kinds.includes('update');
  return new ReleaseGate({
    environment: config.cloudlyUrl === undefined ? 'free' : config.updates,
    mayUpdate,
    opensAfterMs: config.gateOpensAfter.durationMs,
    takeLock,
    memory,
    clock,
    logger,
    ...parts,
  });
}
