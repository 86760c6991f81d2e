import { limits, type RunningCommand, safeText } from '@serve.zone/baseos-contracts';
import type { FollowedCommand, WaitingCommand } from './worker-state.js';

/** For a heartbeat: the command that is running, or else the first of those that wait for a reason. */
export function runningCommand(
  {
    waiting,
    followed,
  }: { waiting: ReadonlyMap<string, WaitingCommand>; followed: ReadonlyMap<string, FollowedCommand> },
  nowMs: number,
): RunningCommand | undefined {
  for (const [id, { phase, reason, phaseSinceMs, progressPercent }] of followed) {
    if (phase === undefined) continue;
    return {
      id,
      phase,
      reason: safeText(reason, limits.commandMessageMaxLength),
      sinceMs: Math.round(nowMs - phaseSinceMs),
      progressPercent: progressPercent === undefined ? undefined : Math.min(100, Math.max(0, progressPercent)),
    };
  }
  for (const [id, { wait }] of [...waiting].toSorted(([, one], [, other]) => one.place - other.place)) {
    if (!wait) continue;
    const reason = safeText(wait.reason, limits.commandMessageMaxLength);
    return { id, phase: wait.phase, reason, sinceMs: Math.round(nowMs - wait.sinceMs) };
  }
  return undefined;
}
