import { escapeControls, type ExitCode, runCommandLine } from '@serve.zone/baseos-command-line';
import type { CommandContext } from './command-context.js';
import { mainCommand } from './commands/main.js';

/** Runs a command line, given without the program's name, and resolves with its exit code. It never ends the process. */
export function runCli(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { program, stdout, stderr } = context;
  return runCommandLine(mainCommand(context), argv, {
    program,
    stdout,
    stderr,
    reportError: (error) => {
      stderr.write(`cloudly-standalone: ${escapeControls(error instanceof Error ? error.message : String(error))}\n`);
      return 1;
    },
  });
}
