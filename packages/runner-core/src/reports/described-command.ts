import type { CommandKind, CommandOutcome, CommandPhase, OpenEnum } from '@serve.zone/baseos-contracts';
import type { JournalEntry } from '../commands/journal/journal-entry.js';
import type { ShownCommand } from '../commands/worker/commands-overview.js';

/** One command of Cloudly, and what became of it. Nothing in it is secret. */
export interface DescribedCommand {
  id: string;
  kind: OpenEnum<CommandKind>;
  service?: string | undefined;
  appId?: number | undefined;
  commit?: string | undefined;
  force?: boolean | undefined;
  /** `waiting`: it has not begun. `running`: the Supervisor was asked, and its outcome is not known yet. */
  state: 'waiting' | 'running' | 'ended';
  /** When Cloudly first listed it, and when it ended: RFC 3339, by the device's clock. */
  takenAt?: string | undefined;
  endedAt?: string | undefined;
  /** What a command without an outcome does or waits for, as the running agent says. */
  phase?: CommandPhase | undefined;
  reason?: string | undefined;
  progressPercent?: number | undefined;
  /** How long it was in this phase when the agent published its status. */
  sinceMs?: number | undefined;
  outcome?: OpenEnum<CommandOutcome> | undefined;
  durationMs?: number | undefined;
  errorCode?: string | undefined;
  /** Why it did not succeed; of those that were told, only the newest have it. */
  message?: string | undefined;
  /** Of an ended command: whether Cloudly has taken its result, or refuses it. */
  result?: 'not-taken' | 'taken' | 'refused' | undefined;
}

/** @param live what the running agent says of it */
export function describeCommand(entry: JournalEntry, live: ShownCommand | undefined): DescribedCommand {
  const { id, takenAt } = entry;
  if (entry.state === 'taken' || entry.state === 'asked') {
    const { kind, service, appId, commit, force } = entry.command;
    const { phase, reason, progressPercent, sinceMs } = live ?? {};
    const state = entry.state === 'asked' ? 'running' : 'waiting';
    return { id, kind, service, appId, commit, force, state, takenAt, phase, reason, progressPercent, sinceMs };
  }
  const { kind, service, endedAt } = entry;
  const ended = { id, kind, service, state: 'ended' as const, takenAt, endedAt };
  if (entry.state === 'ended') {
    const { outcome, durationMs, error } = entry.result;
    return { ...ended, outcome, durationMs, errorCode: error?.code, message: error?.message, result: 'not-taken' };
  }
  const { outcome, errorCode, message, refused } = entry;
  return { ...ended, outcome, errorCode, message, result: refused ? 'refused' : 'taken' };
}
