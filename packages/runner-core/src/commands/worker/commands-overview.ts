import type { CommandKind, CommandPhase, OpenEnum } from '@serve.zone/baseos-contracts';
import type { Problem } from '../../values/problem.js';
import type { ListedCommand } from '../journal/journal-entry.js';
import type { CommandRecord } from './command-record.js';
import type { EndedCount, EndedCounts } from './ended-counts.js';
import { type FollowedCommand, inTurn, type WaitingCommand } from './worker-state.js';

/** A command that has no outcome yet. */
export interface ShownCommand {
  id: string;
  kind: OpenEnum<CommandKind>;
  service?: string | undefined;
  /** Absent until it was tried. */
  phase?: CommandPhase | undefined;
  /** Why it is in this phase. */
  reason?: string | undefined;
  progressPercent?: number | undefined;
  /** How long it has been in this phase. */
  sinceMs?: number | undefined;
}

/** What an agent does of what Cloudly commands. */
export interface CommandsOverview {
  /** Those that the Supervisor was asked for. */
  running?: ShownCommand[] | undefined;
  /** Those that have not begun, in the order of their turns. */
  waiting?: ShownCommand[] | undefined;
  /** How many ended since the agent started, by kind and outcome. */
  ended?: EndedCount[] | undefined;
  /** Why the record of commands cannot be stored, so that nothing can begin. */
  problem?: Problem | undefined;
  /** Why the program on the device that decides about commands gave no verdict when it was asked last. */
  undecided?: Problem | undefined;
}

/** The state of all commands at this moment; nothing is in it where there are none. */
export function commandsOverview(
  {
    record,
    waiting,
    followed,
    ended,
    decision,
  }: {
    record: Pick<CommandRecord, 'in' | 'problem'>;
    waiting: ReadonlyMap<string, WaitingCommand>;
    followed: ReadonlyMap<string, FollowedCommand>;
    ended: Pick<EndedCounts, 'all'>;
    decision: { problem: Problem | undefined };
  },
  nowMs: number,
): CommandsOverview {
  const running = record.in('asked').flatMap(({ id, command }) => {
    const one = followed.get(id);
    return one ? [shown(command, { ...one, sinceMs: one.phaseSinceMs }, nowMs)] : [];
  });
  const waits = inTurn(waiting).map(([, { command, wait }]) => shown(command, wait, nowMs));
  return {
    running: running.length > 0 ? running : undefined,
    waiting: waits.length > 0 ? waits : undefined,
    ended: ended.all,
    problem: record.problem,
    undecided: decision.problem,
  };
}

function shown(
  { id, kind, service }: ListedCommand,
  state: Omit<ShownCommand, 'id' | 'kind' | 'service'> | undefined,
  nowMs: number,
): ShownCommand {
  const { phase, reason, progressPercent, sinceMs } = state ?? {};
  const forMs = sinceMs === undefined ? undefined : Math.round(nowMs - sinceMs);
  return { id, kind, service, phase, reason, progressPercent, sinceMs: forMs };
}
