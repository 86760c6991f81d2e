import { type ExitCode, jsonLines, runCommandLine } from '@serve.zone/baseos-command-line';
import type { CommandContext } from './command/command-context.js';
import { report } from './command/report.js';
import { COLUMNS } from './terminal/terminal.js';
import { mainCommand } from './commands/main.js';
import { completeArgument } from './completion/complete-argument.js';

/** Runs a command line, given without the program's name, and resolves with its exit code. It never ends the process. */
export function runCli(argv: readonly string[], given: CommandContext): Promise<ExitCode> {
  const context = wantsJson(argv) ? forPrograms(given) : given;
  const { program, stdout, stderr, terminal } = context;
  if (argv[0] === completeArgument) return complete(context, argv.slice(1));
  return runCommandLine(mainCommand(context), argv, {
    program,
    stdout,
    stderr,
    columns: terminal.showProgress && (terminal.columns ?? COLUMNS),
    moreHelp: async (path) =>
      takesSelector.has(path.join(' ')) ? (await import('./nodes/describe-selectors.js')).describeSelectors() : '',
    reportError: (error) => {
      report(context, `cloudly-standalone: ${error instanceof Error ? error.message : String(error)}`);
      return 1;
    },
  });
}

/** What the scripts of `completion` ask for. */
async function complete(context: CommandContext, words: readonly string[]): Promise<ExitCode> {
  const { completeForShell } = await import('./completion/complete-for-shell.js');
  await completeForShell(context, mainCommand(context), words);
  return 0;
}

/** Each line of stderr is JSON, also on a terminal. */
function forPrograms(context: CommandContext): CommandContext {
  const stderr = jsonLines(context.stderr, { program: 'cloudly-standalone', level: 'error' });
  return { ...context, stderr, terminal: { ...context.terminal, showProgress: undefined } };
}

/** The commands whose help explains selectors. */
const takesSelector: ReadonlySet<string> = new Set([
  'view save',
  ...['list', 'count', 'labels export'].map((name) => `node ${name}`),
  ...['approve', 'revoke', 'unrevoke', 'forget', 'rotate', 'updates', 'label', 'command'].map((name) => `node ${name}`),
]);

/** Whether the requested log is JSON, even if another flag has a mistake: its collector reads nothing else. */
function wantsJson(argv: readonly string[]): boolean {
  return argv.some(
    (word, index) => word === '--log-format=json' || (word === 'json' && argv[index - 1] === '--log-format'),
  );
}
