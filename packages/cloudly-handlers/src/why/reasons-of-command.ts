import type { CommandRecord } from '../fleet/command-record.js';
import { commandState } from '../fleet/command-state.js';
import type { Reason } from './reason.js';

/** What a command of the node waits for, or does; nothing if it is over. */
export function reasonsOfCommand(command: CommandRecord, nowMs: number): Reason[] {
  const { id, kind, queuedAtMs, expiresAtMs, listedAtMs, running } = command;
  const named = { commandId: id, command: kind, expiresAtMs };
  switch (commandState(command, nowMs)) {
    case 'queued':
      return [{ ...named, code: 'command-queued', sinceMs: queuedAtMs }];
    case 'listed':
      return [{ ...named, code: 'command-listed', ...(listedAtMs !== undefined && { sinceMs: listedAtMs }) }];
    case 'running': {
      if (!running) return [];
      const { phase, phaseBeganAtMs: sinceMs, reason, progressPercent } = running;
      return [
        {
          ...named,
          code: 'command-running',
          sinceMs,
          phase,
          ...(reason !== undefined && { phaseReason: reason }),
          ...(progressPercent !== undefined && { progressPercent }),
        },
      ];
    }
    default:
      return [];
  }
}
