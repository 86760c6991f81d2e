import type { CommandDef } from 'citty';
import { resolve } from './resolve.js';

export interface ListedName {
  name: string;
  description: string;
}

/** The commands of a group, and what each does. */
export async function listCommands({ subCommands }: Pick<CommandDef, 'subCommands'>): Promise<ListedName[]> {
  const commands: ListedName[] = [];
  for (const [name, subCommand] of Object.entries((await resolve(subCommands)) ?? {})) {
    const { meta } = (await resolve(subCommand)) as CommandDef;
    commands.push({ name, description: (await resolve(meta))?.description ?? '' });
  }
  return commands;
}
