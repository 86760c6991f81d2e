import { parseArgs } from 'node:util';
import type { ArgsDef, CommandDef, Resolvable } from 'citty';
import { UsageError } from './command-context.js';
import { nearestName } from './nearest-name.js';

export interface ResolvedCommand {
  command: CommandDef;
  /** The group that it is one of; absent for the root. */
  parent?: CommandDef | undefined;
  wantsHelp: boolean;
  /** Its flags. */
  rest: readonly string[];
}

/**
 * The command that a command line names, its flags checked against those the command declares.
 *
 * @throws UsageError for a command or flag that there is not, a flag given twice or without its value, and words too many.
 */
export async function resolveCommand(root: CommandDef, argv: readonly string[]): Promise<ResolvedCommand> {
  const [first, ...others] = argv;
  const words = first === 'help' ? [...others, '--help'] : argv;
  let parent: CommandDef | undefined;
  let command = root;
  let rest = words;
  let subCommands = await resolve(command.subCommands);
  while (subCommands) {
    const [name, ...following] = rest;
    if (name === undefined || isHelp(name)) return { command, parent, wantsHelp: true, rest: [] };
    const subCommand = Object.hasOwn(subCommands, name) ? subCommands[name] : undefined;
    if (!subCommand) throw unknown(name.startsWith('-') ? 'flag' : 'command', name, Object.keys(subCommands));
    parent = command;
    command = (await resolve(subCommand)) as CommandDef;
    rest = following;
    subCommands = await resolve(command.subCommands);
  }
  const wantsHelp = rest.some(isHelp);
  if (!wantsHelp) checkFlags(rest, (await resolve(command.args)) ?? {});
  return { command, parent, wantsHelp, rest };
}

function isHelp(word: string): boolean {
  return word === '--help' || word === '-h';
}

function checkFlags(words: readonly string[], flags: ArgsDef): void {
  const positionals = Object.entries(flags).filter(([, { type }]) => type === 'positional');
  const options = Object.fromEntries(
    Object.entries(flags)
      .filter(([, { type }]) => type !== 'positional')
      .map(([name, { type }]) => [name, { type: type === 'boolean' ? ('boolean' as const) : ('string' as const) }]),
  );
  const { tokens } = parseArgs({ args: [...words], options, strict: false, allowPositionals: true, tokens: true });
  const seen = new Set<string>();
  let missing = positionals.map(([name]) => name);
  for (const token of tokens) {
    if (token.kind === 'positional') {
      if (missing.length === 0) throw new UsageError(`"${token.value}" is one word too many.`);
      missing = missing.slice(1);
    }
    if (token.kind !== 'option') continue;
    const option = options[token.name];
    if (!option)
      throw unknown(
        'flag',
        token.rawName,
        Object.keys(options).map((name) => `--${name}`),
      );
    if (seen.has(token.name)) throw new UsageError(`${token.rawName} is given twice.`);
    seen.add(token.name);
    if (option.type === 'string' && (token.value ?? '') === '') throw new UsageError(`${token.rawName} needs a value.`);
    if (option.type === 'boolean' && token.value !== undefined)
      throw new UsageError(`${token.rawName} takes no value.`);
  }
  const [first] = missing;
  if (first !== undefined) throw new UsageError(`The ${first} is missing.`);
}

function unknown(what: 'command' | 'flag', typed: string, names: readonly string[]): UsageError {
  const nearest = nearestName(typed, names);
  return new UsageError(`There is no ${what} "${typed}".${nearest === undefined ? '' : ` Did you mean "${nearest}"?`}`);
}

async function resolve<Value>(value: Resolvable<Value> | undefined): Promise<Value | undefined> {
  return typeof value === 'function' ? await (value as () => Value | Promise<Value>)() : await value;
}
