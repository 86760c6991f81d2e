import { type ExitCode, jsonLines, runCommandLine, type TextStream } from '@serve.zone/baseos-command-line';
import type { FromEnvOptions } from '@serve.zone/baseos-runner-core';
import type { CommandContext, LogStream, SignalSource } from './cli/command-context.js';
import { commandTree } from './command-tree.js';
import { logFormatOf } from './log/log-format-of.js';

export interface RunCliOptions {
  /** @default process.env */
  env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Receives a command's result and nothing else. @default process.stdout */
  stdout?: TextStream | undefined;
  /** Receives logs and errors. @default process.stderr */
  stderr?: TextStream | undefined;
  /** Receives the log of `start` and never blocks it. @default stderr */
  log?: LogStream | undefined;
  /** Emits SIGTERM, SIGINT, SIGHUP and SIGQUIT, which end `start`. @default process */
  signals?: SignalSource | undefined;
  /** Creates what ends the process if its agent hangs. @default nothing: the process belongs to the caller */
  watchdog?: FromEnvOptions['watchdog'];
}

/**
 * Runs a command of `baserunner` and gives its exit code: 0 success, 1 the check or operation failed, 2 usage or
 * configuration. It neither ends the process nor sets its exit code, and it never rejects. The promise of `start` settles
 * when the agent has stopped.
 *
 * @param argv the words after the program's name, as in `process.argv.slice(2)`
 */
export async function runCli(argv: readonly string[], options: RunCliOptions = {}): Promise<ExitCode> {
  const { env = process.env, stdout = process.stdout, signals = process, log, watchdog } = options;
  const standardError = options.stderr ?? process.stderr;
  const isJson = logFormatOf(env) === 'json';
  const withLevel = (level: 'error' | 'warn'): TextStream =>
    isJson ? jsonLines(standardError, { program: 'baserunner', level }) : standardError;
  // While a command runs, it reports warnings; what ends it is an error.
  const context: CommandContext = { env, stdout, stderr: withLevel('warn'), signals, log, watchdog };
  return runCommandLine(commandTree, argv, {
    program: 'baserunner',
    stdout,
    stderr: withLevel('error'),
    data: context,
    moreHelp,
    reportError: async (error) => (await import('./cli/report-error.js')).reportError(error, context),
  });
}

async function moreHelp(path: readonly string[]): Promise<string> {
  if (path.length === 0) return closingWords;
  if (path.join(' ') !== 'start') return '';
  const { describeVariables } = await import('./cli/describe-variables.js');
  return describeVariables();
}

const closingWords = `
Settings come from the environment: baserunner help start lists them, baserunner
status shows their values and sources.
Results go to stdout, logs and errors to stderr.
Exit codes: 0 success, 1 the check or operation failed, 2 wrong usage or
configuration, 70 the agent hung.
`;
