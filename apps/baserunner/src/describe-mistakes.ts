import { escapeControls } from '@serve.zone/baseos-command-line';
import type { BaseRunnerError } from '@serve.zone/baseos-runner-core';

/** Every mistake at once, and what may be their cause, each on a line of its own, whatever was typed into the variable. */
export function describeMistakes({
  mistakes,
  warnings = [],
}: Pick<BaseRunnerError, 'mistakes'> & Partial<Pick<BaseRunnerError, 'warnings'>>): string {
  const lines = (sentences: readonly string[]) => sentences.map((text) => `  - ${escapeControls(text)}\n`).join('');
  const title = `baserunner: the configuration has ${mistakes.length === 1 ? 'a mistake' : 'mistakes'}:\n`;
  const beside = warnings.length > 0 ? `Beside that:\n${lines(warnings)}` : '';
  return `${title}${lines(mistakes.map(({ message }) => message))}${beside}`;
}
