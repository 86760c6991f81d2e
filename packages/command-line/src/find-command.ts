import type { ArgsDef, CommandDef } from 'citty';
import { checkArguments } from './check-arguments.js';
import { commandPaths } from './command-paths.js';
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
      const paths = (await commandPaths(root)).filter((each) => each.length > 1 && each.at(-1) === name);
      const elsewhere = paths.map((each) => each.join(' '));
      throw unknownName('command', name, [...Object.keys(subCommands), ...flags], elsewhere);
    }
    found = {
      command: (await resolve(subCommands[name])) as CommandDef,
      path: [...path, name],
      rest: rest.toSpliced(index, 1),
    };
  }
}

/** How far the words of a command line lead, whatever mistake follows; `isGroup`: to a group of commands. It never throws. */
export async function findPath(
  root: CommandDef,
  argv: readonly string[],
): Promise<{ path: readonly string[]; isGroup: boolean }> {
  let command = root;
  const path: string[] = [];
  for (let rest = [...argv]; ; rest = rest.toSpliced(firstWord(rest), 1)) {
    const subCommands = await resolve(command.subCommands);
    if (!subCommands) return { path, isGroup: false };
    const name = rest[firstWord(rest)];
    if (name === undefined || !Object.hasOwn(subCommands, name)) return { path, isGroup: true };
    command = (await resolve(subCommands[name])) as CommandDef;
    path.push(name);
  }
}

/** The index of the first argument that is not a flag; after `--` there are no flags. */
function firstWord(words: readonly string[]): number {
  const index = words.findIndex((word) => word === '--' || !word.startsWith('-'));
  if (index === -1) return words.length;
  return words[index] === '--' ? index + 1 : index;
}
