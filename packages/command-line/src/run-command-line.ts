import { type CommandDef, runCommand } from 'citty';
import { describeCommand } from './describe-command.js';
import { escapeControls } from './escape-controls.js';
import type { ExitCode } from './exit-code.js';
import { findPath } from './find-command.js';
import { readCommandLine } from './read-command-line.js';
import { resolve } from './resolve.js';
import type { TextStream } from './text-stream.js';
import { UsageError } from './usage-error.js';
import { wrapText } from './wrap-text.js';

export interface RunCommandLineOptions {
  /** How a user calls the program, for hints that can be copied. */
  program: string;
  /** Receives help, and the version. */
  stdout: TextStream;
  /** Receives the mistake in the command line. */
  stderr: TextStream;
  /** Where stderr is a terminal: the width of its lines. @default a mistake is one line */
  columns?: number | undefined;
  /** Given to the command, as citty's `data`. */
  data?: unknown;
  /** Further words for the help on a command, by the names that lead to it. */
  moreHelp?: (path: readonly string[]) => string | Promise<string>;
  /** Reports why a command failed, for any reason other than its usage. */
  reportError: (error: unknown) => ExitCode | Promise<ExitCode>;
}

/**
 * Runs the command of a command line, and returns the exit code: that of the command's `run`, 0 if it returns none, 2
 * for a `UsageError`. It never ends the process.
 *
 * @param argv what follows the program's name, as in `process.argv.slice(2)`
 */
export async function runCommandLine(
  tree: CommandDef,
  argv: readonly string[],
  { program, stdout, stderr, columns = Infinity, data, moreHelp, reportError }: RunCommandLineOptions,
): Promise<ExitCode> {
  try {
    const line = await readCommandLine(tree, argv);
    if (line.kind === 'run') {
      const { result } = await runCommand(line.command, { rawArgs: line.words, data });
      return (result ?? 0) as ExitCode;
    }
    stdout.write(line.kind === 'version' ? `${line.version}\n` : await help(line.command, line.path));
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) return await reportError(error);
    const { name = program } = (await resolve(tree.meta)) ?? {};
    const sentences = [`${name}: ${escapeControls(error.message)}`, await hint()];
    const lines = columns === Infinity ? sentences : sentences.flatMap((sentence) => wrapText(sentence, columns));
    stderr.write(lines.map((line) => `${line}\n`).join(''));
    return 2;
  }

  /** The help that has what the mistake is about. */
  async function hint(): Promise<string> {
    const { path, isGroup } = await findPath(tree, argv);
    const called = [program, 'help', ...path].join(' ');
    if (!isGroup) return `"${called}" shows what it takes.`;
    return path.length === 0
      ? `"${called}" lists the commands.`
      : `"${called}" lists the commands of ${path.join(' ')}.`;
  }

  async function help(command: CommandDef, path: readonly string[]): Promise<string> {
    return (await describeCommand(command, [program, ...path].join(' '))) + ((await moreHelp?.(path)) ?? '');
  }
}
