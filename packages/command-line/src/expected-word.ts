import type { ArgDef, ArgsDef, CommandDef } from 'citty';
import { helpCommand, helpFlag } from './common-commands.js';
import { flagName, isShownFlag } from './flag-name.js';
import { type ListedName, listCommands } from './list-commands.js';
import { type Positional, positionalsOf } from './positional.js';
import { resolve } from './resolve.js';

/** What completion offers for a flag or a positional: a member of the command's `args` beside those of citty. */
export interface Offering {
  /** The values, or what the program calls the source of them. */
  offers?: readonly string[] | string;
  /** The value is a list, separated by commas. */
  isList?: boolean;
  /** Neither help nor completion shows it: the command only refuses it with its reason. */
  isHidden?: boolean;
}

/** What may stand at a place of a command line. */
export type ExpectedWord =
  /** The name of a command, or a flag. */
  | { kind: 'name'; names: ListedName[] }
  | ExpectedValue
  /** Anything, or nothing more. */
  | { kind: 'other' };

export interface ExpectedValue extends Offering {
  kind: 'value';
  /** What is typed before the value in the same word: `--sort=`. */
  before: string;
  typed: string;
  /** The values of the flags before it, by their names without dashes. */
  flags: Readonly<Record<string, string>>;
}

/**
 * What a word of a command line may be.
 *
 * @param words those before it, without the program
 * @param typed what there is of it
 */
export async function expectedWord(tree: CommandDef, words: readonly string[], typed: string): Promise<ExpectedWord> {
  const isHelp = words[0] === 'help';
  let command: CommandDef = tree;
  let rest = isHelp ? words.slice(1) : [...words];
  for (;;) {
    const subCommands = await resolve(command.subCommands);
    if (!subCommands) break;
    const [name, ...others] = rest;
    if (name === undefined) {
      const all = command === tree && !isHelp ? { ...subCommands, help: helpCommand } : subCommands;
      return typed.startsWith('-')
        ? flagsOf({}, new Set())
        : { kind: 'name', names: await listCommands({ subCommands: all }) };
    }
    rest = others;
    if (name.startsWith('-')) continue;
    if (!Object.hasOwn(subCommands, name)) return { kind: 'other' };
    command = (await resolve(subCommands[name])) as CommandDef;
  }
  return isHelp ? { kind: 'other' } : expectedOf((await resolve(command.args)) ?? {}, rest, typed);
}

function expectedOf(args: ArgsDef, words: readonly string[], typed: string): ExpectedWord {
  const { given, flags, count, waiting, isOver } = readBefore(args, words);
  if (waiting) return valueOf(waiting.arg, { before: '', typed, flags });
  const value = valueIn(typed);
  const flag = isOver || value === undefined ? undefined : findFlag(args, typed);
  if (flag && value !== undefined) {
    return valueOf(flag.arg, { before: typed.slice(0, typed.length - value.length), typed: value, flags });
  }
  const positionals = positionalsOf(args).map(([, positional]) => positional);
  const last = positionals.at(-1);
  const positional = positionals[count] ?? (last?.isRepeated ? last : undefined);
  const isFlag = !isOver && (typed === '-' || typed.startsWith('--') || !positional);
  if (isFlag) return flagsOf(args, given);
  return positional ? valueOf(positional, { before: '', typed, flags }) : { kind: 'other' };
}

/** What the words before one give. */
interface Before {
  /** The names of the flags. */
  given: Set<string>;
  flags: Record<string, string>;
  /** How many words are no flags. */
  count: number;
  /** The flag whose value comes next. */
  waiting: Flag | undefined;
  /** There are no further flags. */
  isOver: boolean;
}

function readBefore(args: ArgsDef, words: readonly string[]): Before {
  const read: Before = { given: new Set(), flags: {}, count: 0, waiting: undefined, isOver: false };
  for (const word of words) {
    const { waiting } = read;
    if (waiting) {
      read.flags[waiting.name] = word;
      read.waiting = undefined;
    } else if (word === '--') read.isOver = true;
    else readWord(read, word, read.isOver ? undefined : findFlag(args, word));
  }
  return read;
}

function readWord(read: Before, word: string, flag: Flag | undefined): void {
  if (!flag) {
    read.count += 1;
    return;
  }
  read.given.add(flag.name);
  const value = valueIn(word);
  if (value !== undefined) read.flags[flag.name] = value;
  else if (flag.arg.type !== 'boolean') read.waiting = flag;
}

interface Flag {
  /** Without dashes. */
  name: string;
  arg: ArgDef;
}

function findFlag(args: ArgsDef, word: string): Flag | undefined {
  const [, name, letter] = /^(?:--([^=]+)|-([^-=]))(?:=|$)/s.exec(word) ?? [];
  const found = Object.entries(args).find(
    ([key, arg]) =>
      arg.type !== 'positional' &&
      (name === undefined ? 'alias' in arg && letter === arg.alias : flagName(key, arg) === name),
  );
  return found && { name: found[0], arg: found[1] };
}

function valueIn(word: string): string | undefined {
  return /^--[^=]+=(.*)$/s.exec(word)?.[1];
}

function valueOf(arg: ArgDef | Positional, typed: Pick<ExpectedValue, 'before' | 'typed' | 'flags'>): ExpectedValue {
  const { offers, isList } = arg as Offering;
  return { kind: 'value', ...(offers !== undefined && { offers }), ...(isList && { isList }), ...typed };
}

function flagsOf(args: ArgsDef, given: ReadonlySet<string>): ExpectedWord {
  const all = Object.entries<ArgDef>({ ...args, help: helpFlag });
  const left = all.filter(([key, arg]) => !given.has(key) && isShownFlag(arg));
  const names = left.map(([key, arg]) => ({ name: `--${flagName(key, arg)}`, description: arg.description ?? '' }));
  return { kind: 'name', names };
}
