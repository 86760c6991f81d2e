import type { ArgsDef, CommandDef } from 'citty';
import { checkArguments } from './check-arguments.js';
import { helpCommand, helpFlag, versionFlag } from './common-commands.js';
import { findCommand } from './find-command.js';
import { resolve } from './resolve.js';
import { UsageError } from './usage-error.js';

export type CommandLine =
  | { kind: 'run'; command: CommandDef; words: string[] }
  /** On a command, or on a group of others; `path` has the names that lead to it. */
  | { kind: 'help'; command: CommandDef; path: string[] }
  | { kind: 'version'; version: string };

/**
 * The request of a command line for a tree of citty's commands. It is checked as a whole before anything runs: citty
 * ignores unknown flags, and a mistyped one must not start anything.
 *
 * Beside its own, every tree has the command `help` and the flag `--help`, and where it has a version `--version`. A group
 * that is named alone runs its `default`; without one, help on it is given.
 *
 * @throws UsageError for a command or flag that there is not, a flag given twice or without its value, and words too many
 * or too few.
 */
export async function readCommandLine(tree: CommandDef, argv: readonly string[]): Promise<CommandLine> {
  const version = (await resolve(tree.meta))?.version;
  const common: ArgsDef = version === undefined ? { help: helpFlag } : { help: helpFlag, version: versionFlag };
  const root: CommandDef = {
    ...tree,
    args: common,
    subCommands: async () => ({ ...(await resolve(tree.subCommands)), help: helpCommand }),
  };

  const asksHelp = asksForHelp(argv);
  const { command, path, rest } = await findCommand(root, argv, { common, withDefault: !asksHelp });
  if (asksHelp && command !== helpCommand) return { kind: 'help', command, path };
  if (command === helpCommand) {
    const topic = await findCommand(root, rest, { common, withDefault: false });
    const extra = topic.rest.find((word) => !word.startsWith('-'));
    if (extra !== undefined) throw new UsageError(`Unexpected argument "${extra}": help takes one command.`);
    return { kind: 'help', command: topic.command, path: topic.path };
  }

  const called = path.join(' ') || ((await resolve(command.meta))?.name ?? '');
  const { given, words } = checkArguments(rest, called, { ...(await resolve(command.args)), ...common });
  if (version !== undefined && given.has('version')) return { kind: 'version', version };
  if (command.subCommands || given.has('help')) return { kind: 'help', command, path };
  return { kind: 'run', command, words };
}

/** At any position: a user who asks for help may make mistakes in the rest. */
function asksForHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end === -1 ? argv.length : end).some((word) => word === '--help' || word === '-h');
}
