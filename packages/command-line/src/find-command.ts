import type { ArgsDef, CommandDef } from 'citty';
import { checkArguments } from './check-arguments.js';
import { resolve } from './resolve.js';
import { unknownName } from './unknown-name.js';

export interface FoundCommand {
  command: CommandDef;
  /** The names that lead to it. */
  path: string[];
  /** The command line without the names that lead to the command. */
  rest: string[];
}

/**
 * The command that a command line names; flags may come before its name. A group without a command gives itself, or
 * with `withDefault` its default.
 *
 * @throws UsageError for an unknown command.
 */
export async function findCommand(
  root: CommandDef,
  argv: readonly string[],
  { common, withDefault }: { common: ArgsDef; withDefault: boolean },
): Promise<FoundCommand> {
  let found: FoundCommand = { command: root, path: [], rest: [...argv] };
  for (;;) {
    const { command, path, rest }: FoundCommand = found;
    const subCommands = await resolve(command.subCommands);
    if (!subCommands) return found;
    const index = firstWord(rest);
    const name = rest[index] ?? (withDefault ? await resolve(command.default) : undefined);
    if (name === undefined) return found;
    if (!Object.hasOwn(subCommands, name)) {
      // An unknown flag is the likelier mistake: the next word may be its value.
      checkArguments(rest.slice(0, index), name, common);
      const flags = Object.keys(common).map((flag) => `--${flag}`);
      throw unknownName('command', name, [...Object.keys(subCommands), ...flags]);
    }
    found = {
      command: (await resolve(subCommands[name])) as CommandDef,
      path: [...path, name],
      rest: rest.toSpliced(index, 1),
    };
  }
}

/** The index of the first argument that is not a flag; after `--` there are no flags. */
function firstWord(words: readonly string[]): number {
  const index = words.findIndex((word) => word === '--' || !word.startsWith('-'));
  if (index === -1) return words.length;
  return words[index] === '--' ? index + 1 : index;
}
