import type { CommandRecord } from './command-record.js';

/**
 * - `queued`: due, and no answer to the node has listed it yet.
 * - `listed`: due, and the node may have begun.
 * - `finished`: its result has arrived, even if it was cancelled or had expired.
 * - `cancelled`, `expired`: no answer lists it any longer; its result may still arrive.
 */
export type CommandState = 'queued' | 'listed' | 'finished' | 'cancelled' | 'expired';

export function commandState(command: CommandRecord, nowMs: number): CommandState {
  if (command.result) return 'finished';
  if (command.cancelledAtMs !== undefined) return 'cancelled';
  if (nowMs >= command.expiresAtMs) return 'expired';
  return command.listedAtMs === undefined ? 'queued' : 'listed';
}
