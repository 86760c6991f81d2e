import { type CommandOutcome, commandOutcomes } from '@serve.zone/baseos-contracts';
import { isTimeUp } from './command-end.js';
import type { CommandProgress, CommandRecord } from './command-record.js';

/**
 * - `queued`: due, and no answer to the node has listed it yet.
 * - `listed`: an answer has listed it, and the node has not named it yet.
 * - `running`: the node has named it; `running.phase` says what it was doing, `postponed` and `waiting-for-lock` included.
 * - `succeeded`, `failed`, `refused`, `unsupported`, `interrupted`: the node's result.
 * - `expired`: it did not begin in time, according to the node, or because no answer ever listed it.
 * - `cancelled`: no answer lists it any longer. The node may have begun it without saying so.
 * - `unknown`: its time is up, and no result has arrived; or the result has an outcome that this version does not know.
 *
 * A result counts at any time: it replaces `cancelled`, `expired` and `unknown`.
 */
export type CommandState = 'queued' | 'listed' | 'running' | 'cancelled' | 'unknown' | CommandOutcome;

/** The state of a command, which follows from its record and the time alone. */
export function commandState(command: CommandRecord, nowMs: number): CommandState {
  const { result, running, listedAtMs } = command;
  if (result) return commandOutcomes.find((known) => known === result.outcome) ?? 'unknown';
  if (isCancelled(command)) return 'cancelled';
  if (isTimeUp(command, nowMs)) return listedAtMs === undefined ? 'expired' : 'unknown';
  if (running) return 'running';
  return listedAtMs === undefined ? 'queued' : 'listed';
}

/** Whether a state is an end. Only a result can still replace it. */
export function isCommandOver(state: CommandState): boolean {
  return state !== 'queued' && state !== 'listed' && state !== 'running';
}

/** Whether the node is carrying it out: in the other phases it waits to begin. */
export function hasBegun({ phase }: CommandProgress): boolean {
  return phase !== 'postponed' && phase !== 'waiting-for-lock';
}

/** A command that has begun, or is no longer listed, cannot be cancelled. */
function isCancelled({ cancelledAtMs, expiresAtMs, running }: CommandRecord): boolean {
  if (cancelledAtMs === undefined || cancelledAtMs >= expiresAtMs) return false;
  return running === undefined || !hasBegun(running);
}
