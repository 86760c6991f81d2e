import type { ArgDef } from 'citty';

/** Whether it is a flag, and not there only to be refused with a reason. */
export function isShownFlag(arg: ArgDef & { isHidden?: boolean }): boolean {
  return arg.type !== 'positional' && !arg.isHidden;
}

/** What is typed to change a flag, without its dashes: what is on by default is turned off, as citty has it. */
export function flagName(name: string, { type, default: preset }: ArgDef): string {
  return type === 'boolean' && preset === true ? `no-${name}` : name;
}
