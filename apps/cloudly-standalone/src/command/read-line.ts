import { UsageError } from '@serve.zone/baseos-command-line';
import { OperationError } from './command-context.js';
import type { Terminal } from '../terminal/terminal.js';

/**
 * What a person types as an answer.
 *
 * @param remedy what to give where nobody can be asked
 * @throws UsageError if nobody can be asked; OperationError if they answer nothing.
 */
export async function readLine(ask: Terminal['ask'], question: string, remedy: string): Promise<string> {
  if (!ask) throw new UsageError(`Nobody can be asked here. ${remedy}`);
  const answer = await ask(question);
  if (answer) return answer;
  throw new OperationError('There was no answer. Nothing has changed.');
}
