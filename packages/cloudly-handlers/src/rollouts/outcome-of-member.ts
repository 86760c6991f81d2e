import { isTimeUp } from '../fleet/command-end.js';
import type { CommandRecord } from '../fleet/command-record.js';
import { commandState } from '../fleet/command-state.js';
import type { StoredHeartbeat } from '../fleet/node-report.js';
import type { RolloutMember, SeenMember } from '../fleet-store/rollout-member.js';
import type { Rollout } from '../fleet-store/rollout.js';
import type { MemberMove } from './draft.js';
import { hindranceOf } from './hindrance.js';

/** How long an offer waits for an answer that lists it, and how long the member then waits for another one. */
const LISTED_WITHIN_MS = 900_000;

export interface MemberOutcome extends MemberMove {
  /** The command has to be taken back with it. */
  isWithdrawn?: true;
}

/** What has become of a member that has the command, or whose command has ended without a result; nothing if all is as it was. */
export function outcomeOf(seen: SeenMember, rollout: Rollout, nowMs: number): MemberOutcome | undefined {
  const { member, command, node } = seen;
  const { state, reason } = member;
  if (state === 'offered' || state === 'running') {
    if (!node || !command) return { to: 'skipped', reason: 'node-forgotten' };
    if (command.result) return outcomeOfResult(command, nowMs);
    return command.listedAtMs === undefined
      ? outcomeOfOffer(seen, command, rollout, nowMs)
      : outcomeOfListed(seen, command, nowMs);
  }
  const hasLateResult = command?.result && (state === 'unknown' || (state === 'held' && reason === 'withdrawn'));
  return hasLateResult ? outcomeOfResult(command, nowMs) : undefined;
}

/** Of an update, the node says which release it runs then. */
function outcomeOfResult(command: CommandRecord, nowMs: number): MemberOutcome {
  const state = commandState(command, nowMs);
  const told = command.result?.details?.['commit'];
  switch (state) {
    case 'succeeded':
      if (typeof told === 'string' && command.commit !== undefined && told !== command.commit) {
        return { to: 'failed', reason: 'other-commit' };
      }
      return { to: 'succeeded' };
    case 'refused':
      if (command.result?.error?.code === 'other-release') return { to: 'skipped', reason: 'other-release' };
      return { to: 'failed', reason: state };
    case 'failed':
    case 'unsupported':
    case 'interrupted':
    case 'expired':
      return { to: 'failed', reason: state };
    default:
      return { to: 'unknown' };
  }
}

/** No answer has listed the command, so the node cannot have begun it. */
function outcomeOfOffer(
  seen: SeenMember,
  command: CommandRecord,
  rollout: Rollout,
  nowMs: number,
): MemberOutcome | undefined {
  const unlisted = outcomeOfUnlisted(seen.member, rollout, nowMs);
  if (command.cancelledAtMs !== undefined) return { to: 'skipped', reason: 'cancelled' };
  // A process whose clock is behind would still list it.
  if (isTimeUp(command, nowMs)) return { ...unlisted, ...(command.endedAtMs === undefined && { isWithdrawn: true }) };
  const hindrance = hindranceOf(seen, rollout, nowMs);
  if (hindrance) return { ...hindrance, isWithdrawn: true };
  const listedWithinMs = Math.max(LISTED_WITHIN_MS, twoIntervalsOf(seen.lastHeartbeat));
  return nowMs - seen.member.sinceMs >= listedWithinMs ? { ...unlisted, isWithdrawn: true } : undefined;
}

/** An answer has listed the command, so only its node or time ends it. */
function outcomeOfListed(
  { member, lastHeartbeat }: SeenMember,
  command: CommandRecord,
  nowMs: number,
): MemberOutcome | undefined {
  if (isTimeUp(command, nowMs)) return { to: 'unknown', reason: 'no-result' };
  if (commandState(command, nowMs) !== 'cancelled' || !hasNotBegun(command, lastHeartbeat)) return undefined;
  // The plan that cancels a command notes that; any other was cancelled by somebody who wants it so for this node.
  return member.reason === 'withdrawn' ? { to: 'held', reason: 'withdrawn' } : { to: 'skipped', reason: 'cancelled' };
}

/** Each offer takes twice that time with its wait, so a node that never takes one is not waited for longer than one that is away. */
function outcomeOfUnlisted({ offerCount }: RolloutMember, { limits }: Rollout, nowMs: number): MemberMove {
  if (offerCount * 2 * LISTED_WITHIN_MS > limits.deferredDueMs) return { to: 'skipped', reason: 'offline-too-long' };
  return { to: 'deferred', reason: 'not-listed', waitUntilMs: nowMs + LISTED_WITHIN_MS };
}

/**
 * A node learns with each answer which commands are still due. So two intervals after the command was cancelled, it has dropped
 * it, or else names it in its heartbeats.
 */
function hasNotBegun({ id, cancelledAtMs = 0 }: CommandRecord, lastHeartbeat: StoredHeartbeat | undefined): boolean {
  if (!lastHeartbeat || lastHeartbeat.runningCommand?.id === id) return false;
  return lastHeartbeat.receivedAtMs >= cancelledAtMs + twoIntervalsOf(lastHeartbeat);
}

function twoIntervalsOf(heartbeat: StoredHeartbeat | undefined): number {
  return heartbeat ? heartbeat.expectedByMs - heartbeat.receivedAtMs : 0;
}
