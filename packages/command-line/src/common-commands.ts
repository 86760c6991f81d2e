import type { ArgDef, CommandDef } from 'citty';

// What every command line takes beside its own.

export const helpFlag = {
  type: 'boolean',
  alias: 'h',
  description: 'Say what the command does and which flags it takes',
} as const satisfies ArgDef;

export const versionFlag = { type: 'boolean', alias: 'v', description: 'Print the version' } as const satisfies ArgDef;

/** Here to be found and listed; its argument is another command. */
export const helpCommand: CommandDef = {
  meta: { name: 'help', description: 'Say what the program, or one of its commands, does' },
  args: { command: { type: 'positional', required: false, description: 'One of the commands' } },
};
