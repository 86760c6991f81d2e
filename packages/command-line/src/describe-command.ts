import { stripVTControlCharacters } from 'node:util';
import { type CommandDef, renderUsage } from 'citty';
import { helpFlag } from './common-commands.js';
import { resolve } from './resolve.js';

/** What a command does and takes, without colours. */
export async function describeCommand(command: CommandDef, parent: CommandDef | undefined): Promise<string> {
  const usage = await renderUsage({ ...command, args: { ...(await resolve(command.args)), help: helpFlag } }, parent);
  return `${stripVTControlCharacters(usage).replaceAll(/ +$/gm, '')}\n`;
}
