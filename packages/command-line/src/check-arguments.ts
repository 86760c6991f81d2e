import { parseArgs } from 'node:util';
import type { ArgDef, ArgsDef } from 'citty';
import { flagName } from './flag-name.js';
import { calledOf, type NamedPositional, nounOf, positionalsOf } from './positional.js';
import { unknownName } from './unknown-name.js';
import { UsageError } from './usage-error.js';

/** A command line that can be run. */
export interface CheckedArguments {
  /** The names of its flags. */
  given: ReadonlySet<string>;
  /** Its words, the flags first, so that another parser takes them alike. */
  words: string[];
}

/**
 * Checks the words after the name of a command.
 *
 * @param called the names of the command, from the first on
 * @throws UsageError
 */
export function checkArguments(words: readonly string[], called: string, args: ArgsDef): CheckedArguments {
  const positionals = positionalsOf(args);
  const isRepeated = positionals.at(-1)?.[1].isRepeated ?? false;
  const options = new Map(
    Object.entries(args)
      .filter(([, { type }]) => type !== 'positional')
      .map(toOption),
  );
  const flags = [...options].flatMap(([name, { short }]) =>
    short === undefined ? [`--${name}`] : [`--${name}`, `-${short}`],
  );
  const { tokens } = parseArgs({
    args: isRepeated ? words.map(hideWord) : [...words],
    options: Object.fromEntries(options),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });

  const given = new Set<string>();
  const checked: { flags: string[]; positionals: string[] } = { flags: [], positionals: [] };
  for (const token of tokens) {
    if (token.kind === 'positional') {
      checked.positionals.push(showWord(token.value));
      const count = checked.positionals.length;
      if (count > positionals.length && !isRepeated) throw unexpected(token.value, called, positionals);
    }
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    const option = options.get(name);
    if (!option) throw unknownName('flag', rawName, flags);
    if (given.has(name)) throw new UsageError(`${rawName} is given twice.`);
    given.add(name);
    if (option.type === 'string' && !value) throw new UsageError(`${rawName} needs a value.`);
    if (option.type === 'boolean' && value !== undefined) throw new UsageError(`${rawName} takes no value.`);
    checked.flags.push(value === undefined ? `--${name}` : `--${name}=${showWord(value)}`);
  }
  const missing = positionals.slice(checked.positionals.length).find(([, { required }]) => required !== false);
  if (missing) throw new UsageError(`${called} needs ${calledOf(missing)}.`);
  return { given, words: [...checked.flags, '--', ...checked.positionals] };
}

function unexpected(word: string, called: string, positionals: readonly NamedPositional[]): UsageError {
  const takes =
    positionals.length === 0 ? 'flags only' : positionals.map((each) => `one ${nounOf(each)}`).join(' and ');
  return new UsageError(`Unexpected argument "${word}": ${called} takes ${takes}.`);
}

/** A word such as `-label.site`, which is no flag: those have one letter, or two dashes. Marked, so that Node's parser leaves it. */
function hideWord(word: string): string {
  return /^-[^-]./.test(word) ? `${MARK}${word}` : word;
}

function showWord(word: string): string {
  return word.startsWith(MARK) ? word.slice(MARK.length) : word;
}

/** No word of a command line can contain it. */
const MARK = '\0';

/** A flag for Node's parser. An alias is one letter. */
function toOption([name, arg]: [string, ArgDef]): [string, { type: 'boolean' | 'string'; short?: string }] {
  const short = 'alias' in arg && typeof arg.alias === 'string' ? { short: arg.alias } : {};
  return [flagName(name, arg), { type: arg.type === 'boolean' ? 'boolean' : 'string', ...short }];
}
