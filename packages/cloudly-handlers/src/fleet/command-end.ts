import { commandTimes } from '@serve.zone/baseos-contracts';
import type { CommandRecord } from './command-record.js';

/** How long a node may take to report a result: two of its intervals, and at least this long. */
const RESULT_ARRIVES_WITHIN_MS = 15 * 60_000;

/**
 * When Cloudly ends a command that a node may have begun and that has no result: after all the time that it may take to
 * begin, to run and to be reported. So every command ends, whatever its node does.
 *
 * @param missedAfterMs Two intervals of the node.
 */
export function commandEndsAtMs(command: CommandRecord, missedAfterMs = 0): number {
  const { timeoutMs, soakMs } = commandTimes(command);
  const arrivesWithinMs = Math.max(missedAfterMs, RESULT_ARRIVES_WITHIN_MS);
  return command.endsAtMs ?? command.expiresAtMs + timeoutMs + soakMs + arrivesWithinMs;
}

/** When the time of a command is up: one that was never listed ends when it expires. */
export function timeUpAtMs(command: CommandRecord): number {
  return command.listedAtMs === undefined ? command.expiresAtMs : commandEndsAtMs(command);
}

export function isTimeUp(command: CommandRecord, nowMs: number): boolean {
  return command.endedAtMs !== undefined || nowMs >= timeUpAtMs(command);
}
