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
 * The command that a command line names; flags may stand before its name. A group that is named alone is found itself,
 * or with `withDefault` its default.
 *
 * @throws UsageError for a command that there is not.
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
      // A flag that there is not is the likelier mistake: what follows may be its value.
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

/** Where the first argument stands that is no flag; behind `--` none is. */
function firstWord(words: readonly string[]): number {
  const index = words.findIndex((word) => word === '--' || !word.startsWith('-'));
  if (index === -1) return words.length;
  return words[index] === '--' ? index + 1 : index;
}
