import type { Clock } from '../../ports/clock.js';
import type { Ending, Waits } from '../actions/command-action.js';
import type { ListedCommand } from '../journal/journal-entry.js';

/** What a program on the device says to a command that is about to begin. A reason is for a person. */
export type CommandVerdict = 'run' | { refuse: string } | { postpone: string };

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

/** What follows from the verdict; `undefined` if the command may begin. It never rejects. */
export async function askOnCommand(
  onCommand: OnCommand,
  command: ListedCommand,
  { clock, signal }: { clock: Pick<Clock, 'sleep'>; signal: AbortSignal },
): Promise<{ kind: 'end'; ending: Ending } | ({ kind: 'wait' } & Waits) | undefined> {
  const over = new AbortController();
  const tooLate = clock.sleep(answerWithinMs, AbortSignal.any([signal, over.signal]));
  const verdict = await Promise.race([
    verdictOf(onCommand, command, AbortSignal.any([signal, over.signal])),
    tooLate.then(() => ({ postpone: 'The program on the device that decides about commands did not answer.' })),
  ]);
  over.abort();
  if (verdict === 'run') return undefined;
  if ('refuse' in verdict) {
    return {
      kind: 'end',
      ending: { outcome: 'refused', error: { code: 'refused-by-device', message: verdict.refuse } },
    };
  }
  return { kind: 'wait', phase: 'postponed', reason: verdict.postpone, retryMs: postponedForMs };
}

async function verdictOf(onCommand: OnCommand, command: ListedCommand, signal: AbortSignal): Promise<CommandVerdict> {
  try {
    const verdict: unknown = await onCommand(structuredClone(command), { signal });
    return isVerdict(verdict) ? verdict : { postpone: 'The program on the device gave no verdict on the command.' };
  } catch (error) {
    return {
      postpone: `The program on the device could not decide: ${error instanceof Error ? error.message : 'an error'}`,
    };
  }
}

function isVerdict(value: unknown): value is CommandVerdict {
  if (typeof value !== 'object' || value === null) return value === 'run';
  return (
    ('refuse' in value && typeof value.refuse === 'string') ||
    ('postpone' in value && typeof value.postpone === 'string')
  );
}
