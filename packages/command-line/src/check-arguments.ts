import { parseArgs } from 'node:util';
import type { ArgDef, ArgsDef } from 'citty';
import { unknownName } from './unknown-name.js';
import { UsageError } from './usage-error.js';

/**
 * Checks the words after the name of a command, and returns the names of the flags.
 *
 * @throws UsageError
 */
export function checkArguments(words: readonly string[], commandName: string, args: ArgsDef): ReadonlySet<string> {
  const declared = Object.entries(args);
  const positionals = declared.filter(([, { type }]) => type === 'positional');
  const options = new Map(declared.filter(([, { type }]) => type !== 'positional').map(toOption));
  const flags = [...options].flatMap(([name, { short }]) =>
    short === undefined ? [`--${name}`] : [`--${name}`, `-${short}`],
  );
  const { tokens } = parseArgs({
    args: [...words],
    options: Object.fromEntries(options),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });

  const given = new Set<string>();
  let positionalCount = 0;
  for (const token of tokens) {
    if (token.kind === 'positional') {
      positionalCount += 1;
      if (positionalCount > positionals.length) throw unexpected(token.value, commandName, positionals);
    }
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    const option = options.get(name);
    if (!option) throw unknownName('flag', rawName, flags);
    if (given.has(name)) throw new UsageError(`${rawName} is given twice.`);
    given.add(name);
    if (option.type === 'string' && !value) throw new UsageError(`${rawName} needs a value.`);
    if (option.type === 'boolean' && value !== undefined) throw new UsageError(`${rawName} takes no value.`);
  }
  const missing = positionals.slice(positionalCount).find(([, { required }]) => required !== false);
  if (missing) throw new UsageError(`The ${missing[0]} is missing.`);
  return given;
}

function unexpected(word: string, commandName: string, positionals: [string, unknown][]): UsageError {
  const takes = positionals.length === 0 ? 'flags only' : positionals.map(([name]) => `one ${name}`).join(' and ');
  return new UsageError(`Unexpected argument "${word}": ${commandName} takes ${takes}.`);
}

/** A flag for Node's parser. An alias is one letter. */
function toOption([name, arg]: [string, ArgDef]): [string, { type: 'boolean' | 'string'; short?: string }] {
  const short = 'alias' in arg && typeof arg.alias === 'string' ? { short: arg.alias } : {};
  return [name, { type: arg.type === 'boolean' ? 'boolean' : 'string', ...short }];
}
