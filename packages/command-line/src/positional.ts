import type { ArgDef, ArgsDef } from 'citty';

/** What a command line knows of a word that is no flag, beside what citty knows: a member of the command's `args`. */
export interface Positional {
  type: 'positional';
  required?: boolean;
  description?: string;
  /** What it is, with its article: `a node ID`. @default its name with an article */
  called?: string;
  /** The last one may be given several times: citty has all of them in `args._`. Words such as `-name` belong to it. */
  isRepeated?: boolean;
}

export type NamedPositional = [name: string, positional: Positional];

export function positionalsOf(args: ArgsDef): NamedPositional[] {
  return Object.entries(args).filter((entry): entry is NamedPositional => isPositional(entry[1]));
}

/** With its article, for a sentence. */
export function calledOf([name, { called }]: NamedPositional): string {
  return called ?? `a ${name}`;
}

/** Without it, for a list of what a command takes. */
export function nounOf(positional: NamedPositional): string {
  return calledOf(positional).replace(/^an? /, '');
}

/** As the usage of a command has it. */
export function usageOf([name, { required, isRepeated }]: NamedPositional): string {
  const label = `${name.toUpperCase()}${isRepeated ? '...' : ''}`;
  return required === false ? `[${label}]` : `<${label}>`;
}

function isPositional(arg: ArgDef): boolean {
  return arg.type === 'positional';
}
