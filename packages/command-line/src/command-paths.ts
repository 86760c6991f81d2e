import type { CommandDef } from 'citty';
import { resolve } from './resolve.js';

/** The names that lead to each command of a tree, groups included; the tree itself has none. */
export async function commandPaths(tree: CommandDef): Promise<string[][]> {
  const paths: string[][] = [[]];
  for (const [name, subCommand] of Object.entries((await resolve(tree.subCommands)) ?? {})) {
    const below = await commandPaths((await resolve(subCommand)) as CommandDef);
    for (const path of below) paths.push([name, ...path]);
  }
  return paths;
}
