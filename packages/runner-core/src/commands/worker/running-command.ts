import { limits, type RunningCommand, safeText } from '@serve.zone/baseos-contracts';
import { type FollowedCommand, inTurn, type WaitingCommand } from './worker-state.js';

interface Commands {
  waiting: ReadonlyMap<string, WaitingCommand>;
  followed: ReadonlyMap<string, FollowedCommand>;
}

/** For a heartbeat: the command that is running, or else the first of those that wait for a reason. */
export function runningCommand({ waiting, followed }: Commands, nowMs: number): RunningCommand | undefined {
  for (const [id, { phase, reason, phaseSinceMs: sinceMs, progressPercent }] of followed) {
    if (phase !== undefined) return shown(id, { phase, reason, sinceMs, progressPercent }, nowMs);
  }
  for (const [id, { wait }] of inTurn(waiting)) if (wait) return shown(id, wait, nowMs);
  return undefined;
}

type Phase = Pick<RunningCommand, 'phase' | 'reason' | 'progressPercent'> & { sinceMs: number };

function shown(id: string, { phase, reason, sinceMs, progressPercent }: Phase, nowMs: number): RunningCommand {
  return {
    id,
    phase,
    reason: safeText(reason, limits.commandMessageMaxLength),
    sinceMs: Math.round(nowMs - sinceMs),
    progressPercent: progressPercent === undefined ? undefined : Math.min(100, Math.max(0, progressPercent)),
  };
}
