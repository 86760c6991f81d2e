import { escapeControls, type ExitCode, jsonLines, runCommandLine } from '@serve.zone/baseos-command-line';
import type { CommandContext } from './command/command-context.js';
import { mainCommand } from './commands/main.js';

/** Runs a command line, given without the program's name, and resolves with its exit code. It never ends the process. */
export function runCli(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { program, stdout } = context;
  const stderr = wantsJson(argv)
    ? jsonLines(context.stderr, { program: 'cloudly-standalone', level: 'error' })
    : context.stderr;
  return runCommandLine(mainCommand({ ...context, stderr }), argv, {
    program,
    stdout,
    stderr,
    moreHelp: async (path) =>
      takesSelector.has(path.join(' ')) ? (await import('./nodes/describe-selectors.js')).describeSelectors() : '',
    reportError: (error) => {
      stderr.write(`cloudly-standalone: ${escapeControls(error instanceof Error ? error.message : String(error))}\n`);
      return 1;
    },
  });
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
