import type { Clock } from '../../ports/clock.js';
import type { Problem } from '../../values/problem.js';
import type { Ending, Waits } from '../actions/command-action.js';
import type { ListedCommand } from '../journal/journal-entry.js';
import { hookProblem } from './hook-problems.js';

/**
 * What a program on the device says to a command that is about to begin. A reason is for a person. With a `problem` it says
 * that it could not decide.
 */
export type CommandVerdict = 'run' | { refuse: string } | { postpone: string; problem?: Problem | undefined };

/**
 * Asked before each try of a command, so that a device is not restarted at a bad moment. An error and an answer that takes
 * longer than 35 seconds postpone the command, for a minute each time.
 */
export type OnCommand = (
  command: ListedCommand,
  options: { signal: AbortSignal },
) => CommandVerdict | Promise<CommandVerdict>;

const answerWithinMs = 35_000;
const postponedForMs = 60_000;

/** What follows from the verdict; nothing if the command may begin. `problem`: why there was none. */
export interface Objection {
  objection?: { kind: 'end'; ending: Ending } | ({ kind: 'wait' } & Waits) | undefined;
  problem?: Problem | undefined;
}

/** It never rejects. */
export async function askOnCommand(
  onCommand: OnCommand,
  command: ListedCommand,
  { clock, signal }: { clock: Pick<Clock, 'sleep'>; signal: AbortSignal },
): Promise<Objection> {
  const over = new AbortController();
  const tooLate = clock.sleep(answerWithinMs, AbortSignal.any([signal, over.signal]));
  const verdict = await Promise.race([
    verdictOf(onCommand, command, AbortSignal.any([signal, over.signal])),
    tooLate.then(() => undecided(hookProblem('decision-late', { seconds: String(answerWithinMs / 1000) }))),
  ]);
  over.abort();
  if (verdict === 'run') return {};
  if ('refuse' in verdict) {
    const error = { code: 'refused-by-device', message: verdict.refuse };
    return { objection: { kind: 'end', ending: { outcome: 'refused', error } } };
  }
  const { postpone: reason, problem } = verdict;
  return { objection: { kind: 'wait', phase: 'postponed', reason, retryMs: postponedForMs }, problem };
}

async function verdictOf(onCommand: OnCommand, command: ListedCommand, signal: AbortSignal): Promise<CommandVerdict> {
  try {
    const verdict: unknown = await onCommand(structuredClone(command), { signal });
    return isVerdict(verdict) ? verdict : undecided(hookProblem('decision-unclear'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'an error';
    return undecided(hookProblem('decision-failed', { reason }));
  }
}

/** The verdict where nothing could decide. */
export function undecided(problem: Problem): Exclude<CommandVerdict, string> {
  return { postpone: problem.message, problem };
}

function isVerdict(value: unknown): value is CommandVerdict {
  if (typeof value !== 'object' || value === null) return value === 'run';
  return (
    ('refuse' in value && typeof value.refuse === 'string') ||
    ('postpone' in value && typeof value.postpone === 'string')
  );
}
