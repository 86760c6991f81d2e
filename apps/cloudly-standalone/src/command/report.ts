import { escapeControls, wrapText } from '@serve.zone/baseos-command-line';
import { COLUMNS } from '../terminal/terminal.js';
import type { CommandContext } from './command-context.js';

/** A sentence for the operator, in lines of their terminal. Text from elsewhere cannot forge another. */
export function report({ stderr, terminal }: Pick<CommandContext, 'stderr' | 'terminal'>, sentence: string): void {
  const text = escapeControls(sentence);
  // Without a terminal, a line is a sentence.
  const lines = terminal.showProgress ? wrapText(text, terminal.columns ?? COLUMNS) : [text];
  stderr.write(lines.map((line) => `${line}\n`).join(''));
}
