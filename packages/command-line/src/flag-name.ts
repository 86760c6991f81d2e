import type { ArgDef } from 'citty';

/** What is typed to change a flag, without its dashes: what is on by default is turned off, as citty has it. */
export function flagName(name: string, { type, default: preset }: ArgDef): string {
  return type === 'boolean' && preset === true ? `no-${name}` : name;
}
