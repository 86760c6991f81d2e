import type { CommandPhase } from '@serve.zone/baseos-contracts';
import type { CommandAction, SinceAsk } from '../actions/command-action.js';
import type { DeviceView } from '../device/device-view.js';
import type { ListedCommand } from '../journal/journal-entry.js';

/** A command that has not begun. All times are of the monotonic clock. */
export interface WaitingCommand {
  command: ListedCommand;
  /** Among those that Cloudly lists. */
  place: number;
  /** Cloudly's newest word on it. */
  expiresAtMs: number;
  /** When it is tried next. */
  tryAtMs: number;
  /** Why it waits; absent until it was tried. */
  wait?: { phase: CommandPhase; reason: string; progressPercent?: number | undefined; sinceMs: number } | undefined;
}

/** Those that wait, in the order in which Cloudly lists them, which is that of their turns. */
export function inTurn(waiting: ReadonlyMap<string, WaitingCommand>): (readonly [string, WaitingCommand])[] {
  return [...waiting].toSorted(([, one], [, other]) => one.place - other.place);
}

/** A command that the Supervisor was asked for. All times are of the monotonic clock. */
export interface FollowedCommand {
  action: CommandAction;
  /** What it was before; absent if the agent has restarted since, or if Cloudly no longer lists it. */
  waited?: WaitingCommand | undefined;
  isRestarted: boolean;
  /** Whether the Supervisor is known to have taken it. */
  isAccepted: boolean;
  /** Absent for one that changes nothing and is over at once. */
  phase?: CommandPhase | undefined;
  reason?: string | undefined;
  progressPercent?: number | undefined;
  phaseSinceMs: number;
  lastAskMs: number;
  lastProgressMs: number;
  verifying?: { sinceMs: number; from: DeviceView } | undefined;
  samples: SinceAsk['samples'];
  lookAtMs: number;
  /** Its time spent, as of that moment. */
  spent: { ms: number; atMs: number };
  /** When its time spent was last stored. */
  storedMs: number;
}

export function spentMsOf({ spent }: Pick<FollowedCommand, 'spent'>, nowMs: number): number {
  return spent.ms + nowMs - spent.atMs;
}
