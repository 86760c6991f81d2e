import { stripVTControlCharacters } from 'node:util';
import { renderUsage, runCommand } from 'citty';
import type { CommandContext, ExitCode, SignalSource, TextStream } from './command-context.js';
import { type CommandName, commands, commandTree } from './command-tree.js';
import { readCommandLine } from './read-command-line.js';
import { version } from './version.js';

export interface RunCliOptions {
  /** @default process.env */
  env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Gets a command's result and nothing else. @default process.stdout */
  stdout?: TextStream | undefined;
  /** Gets logs and errors. @default process.stderr */
  stderr?: TextStream | undefined;
  /** What ends `start`: SIGTERM and SIGINT of whoever is given. @default process */
  signals?: SignalSource | undefined;
}

/**
 * Runs a command of `baserunner` and gives its exit code: 0 success, 1 the check or operation failed, 2 usage or
 * configuration. It neither ends the process nor sets its exit code, and it never rejects. The promise of `start` settles
 * when the agent has stopped.
 *
 * @param argv what follows the program's name, as in `process.argv.slice(2)`
 */
export async function runCli(argv: readonly string[], options: RunCliOptions = {}): Promise<ExitCode> {
  const { env = process.env, stdout = process.stdout, stderr = process.stderr, signals = process } = options;
  const line = readCommandLine(argv);
  if (line.kind === 'mistake') {
    stderr.write(`baserunner: ${line.message}\n"baserunner help" lists the commands and their flags.\n`);
    return 2;
  }
  if (line.kind === 'run') return run(line.command, line.flags, { env, stdout, stderr, signals });
  stdout.write(line.kind === 'version' ? `${version}\n` : await describe(line.command));
  return 0;
}

async function run(command: CommandName, flags: string[], context: CommandContext): Promise<ExitCode> {
  try {
    const { result } = await runCommand(commands[command], { rawArgs: flags, data: context });
    return result as ExitCode;
  } catch (error) {
    const { reportError } = await import('./report-error.js');
    return reportError(error, context);
  }
}

async function describe(command: CommandName | undefined): Promise<string> {
  const usage = await (command === undefined ? renderUsage(commandTree) : renderUsage(commands[command], commandTree));
  const plain = `${stripVTControlCharacters(usage).replaceAll(/ +$/gm, '')}\n`;
  if (command === undefined) return plain + closingWords;
  if (command !== 'start') return plain;
  const { describeVariables } = await import('./describe-variables.js');
  return plain + describeVariables();
}

const closingWords = `
Settings come from the environment: baserunner help start lists them, baserunner status shows their values and sources.
Results go to stdout, logs and errors to stderr.
Exit codes: 0 success, 1 the check or operation failed, 2 wrong usage or configuration.
`;
