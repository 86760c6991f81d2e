import { stripVTControlCharacters } from 'node:util';
import { type CommandDef, renderUsage } from 'citty';
import { helpFlag } from './common-commands.js';
import { resolve } from './resolve.js';

/**
 * What a command does and takes, without colours.
 *
 * @param called the words that run it, from the program on
 */
export async function describeCommand(command: CommandDef, called: string): Promise<string> {
  const described: CommandDef = {
    ...command,
    meta: { ...(await resolve(command.meta)), name: called },
    args: { ...(await resolve(command.args)), help: helpFlag },
  };
  const usage = await renderUsage(described);
  return `${stripVTControlCharacters(usage).replaceAll(/ +$/gm, '')}\n`;
}
