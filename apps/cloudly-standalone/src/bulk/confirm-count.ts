import { readWholeNumber, UsageError } from '@serve.zone/baseos-command-line';
import { type CommandContext, OperationError } from '../command/command-context.js';
import type { ConfirmArguments } from './nodes-flags.js';

export interface ToConfirm {
  count: number;
  /** What is done: `revoke them`. */
  toDo: string;
}

/**
 * Makes sure that a person, or their script, knows how many nodes something is about.
 *
 * @throws UsageError if nobody can be asked and nothing on the command line confirms it; OperationError if it is not meant.
 */
export async function confirmCount(
  context: CommandContext,
  { yes, count: typed }: ConfirmArguments,
  { count, toDo }: ToConfirm,
): Promise<void> {
  requireCount(typed, count);
  if (yes || typed !== undefined) return;
  const { ask } = context.terminal;
  if (!ask) {
    throw new UsageError(`Nobody can be asked here. Give --count ${count} to ${toDo}, or --yes for any number.`);
  }
  const answer = await ask(`Type ${count} to ${toDo}: `);
  if (answer?.trim() === String(count)) return;
  throw new OperationError(`${answer ? `"${answer}" is not ${count}` : 'It was not confirmed'}. Nothing has changed.`);
}

/** @throws OperationError if the command line has another number; UsageError if it has none. */
export function requireCount(typed: string | undefined, count: number): void {
  if (typed === undefined) return;
  const expected = readWholeNumber('--count', typed, { min: 0, max: Number.MAX_SAFE_INTEGER });
  if (expected === count) return;
  const nodes = count === 1 ? 'one node' : `${count} nodes`;
  throw new OperationError(`--count is ${expected}, but it is about ${nodes}. Nothing has changed.`);
}
