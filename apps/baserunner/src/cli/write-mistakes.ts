import { escapeControls } from '@serve.zone/baseos-command-line';
import { type BaseRunnerError, inSentences, type Notice } from '@serve.zone/baseos-runner-core';
import type { CommandContext } from './command-context.js';
import { createConsoleLogger } from '../log/console-logger.js';
import { logFormatOf } from '../log/log-format-of.js';

type Mistakes = Pick<BaseRunnerError, 'mistakes'> & Partial<Pick<BaseRunnerError, 'warnings'>>;

/** Prints all mistakes and warnings at once, one per line: as a list, or as log entries in JSON. */
export function writeMistakes(found: Mistakes, { env, stderr }: Pick<CommandContext, 'env' | 'stderr'>): void {
  if (logFormatOf(env) === 'pretty') return void stderr.write(listOf(found));
  const logger = createConsoleLogger({ stream: stderr, format: 'json' });
  for (const mistake of found.mistakes) {
    const { code, variable, expected } = mistake;
    logger.error(inSentences(mistake), { code, variable, expected });
  }
  for (const warning of found.warnings ?? []) logger.warn(inSentences(warning), { code: warning.code });
}

/** The value of a variable cannot break its line. */
function listOf({ mistakes, warnings = [] }: Mistakes): string {
  const lines = (notices: readonly Notice[]) =>
    notices.map((notice) => `  - ${escapeControls(inSentences(notice))}\n`).join('');
  const title = `baserunner: the configuration has ${mistakes.length === 1 ? 'a mistake' : 'mistakes'}:\n`;
  const beside = warnings.length > 0 ? `Also:\n${lines(warnings)}` : '';
  return `${title}${lines(mistakes)}${beside}`;
}
