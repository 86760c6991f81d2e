import { type ExpectedWord, expectedWord } from '@serve.zone/baseos-command-line';
import type { CommandDef } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { linesForBash } from './bash.js';
import { completeWord } from './complete-word.js';
import type { Completion } from './completion.js';
import { fleetWords } from './fleet-words.js';
import { splitLine } from './split-line.js';
import { linesForZsh } from './zsh.js';

/**
 * Writes what a shell offers at its cursor, in lines for its script.
 *
 * @param asked the shell; from Bash its line up to the cursor, and its word breaks; from zsh the words up to the cursor.
 */
export async function completeForShell(
  context: CommandContext,
  tree: CommandDef,
  [shell, ...asked]: readonly string[],
): Promise<void> {
  const completeAt = async (words: readonly string[], typed: string): Promise<Completion> => {
    const expected = await expectedWord(tree, words, typed);
    return completeWord(expected, typed, fleetWords(context, flagsOf(expected)));
  };
  const write = (lines: readonly string[]): void =>
    void context.stdout.write(lines.map((line) => `${line}\n`).join(''));
  if (shell === 'zsh') {
    write(linesForZsh(await completeAt(asked.slice(0, -1), asked.at(-1) ?? '')));
    return;
  }
  const [line = '', breaks = ''] = asked;
  const split = splitLine(line, breaks);
  write(linesForBash(await completeAt(split.words.slice(1), split.typed), split));
}

function flagsOf(expected: ExpectedWord): Readonly<Record<string, string>> {
  return expected.kind === 'value' ? expected.flags : {};
}
