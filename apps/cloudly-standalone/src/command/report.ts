import { escapeControls } from '@serve.zone/baseos-command-line';
import type { CommandContext } from './command-context.js';

/** A sentence for the operator, a line of its own. Text from elsewhere cannot forge another. */
export function report({ stderr }: Pick<CommandContext, 'stderr'>, sentence: string): void {
  stderr.write(`${escapeControls(sentence)}\n`);
}
