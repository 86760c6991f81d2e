import { stripVTControlCharacters } from 'node:util';
import { renderUsage, runCommand } from 'citty';
import { type CommandContext, type ExitCode, UsageError } from './command-context.js';
import { mainCommand } from './commands/main.js';
import { resolveCommand } from './resolve-command.js';

/** Runs a command line, given without the program's name, and resolves with its exit code. It never ends the process. */
export async function runCli(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  try {
    const { command, parent, wantsHelp, rest } = await resolveCommand(mainCommand(context), argv);
    if (wantsHelp) {
      context.stdout.write(`${stripVTControlCharacters(await renderUsage(command, parent))}\n`);
      return 0;
    }
    await runCommand(command, { rawArgs: [...rest] });
    return 0;
  } catch (error) {
    const isUsage = error instanceof UsageError;
    context.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    if (isUsage) context.stderr.write(`${context.program} help [command] tells what there is.\n`);
    return isUsage ? 2 : 1;
  }
}
