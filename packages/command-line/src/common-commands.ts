import type { ArgDef, CommandDef } from 'citty';

// The flags and commands of every command line.

export const helpFlag = {
  type: 'boolean',
  alias: 'h',
  description: 'Show what the command does and which flags it takes',
} as const satisfies ArgDef;

export const versionFlag = { type: 'boolean', alias: 'v', description: 'Print the version' } as const satisfies ArgDef;

/** Only to be found and listed; its argument is another command. */
export const helpCommand: CommandDef = {
  meta: { name: 'help', description: 'Show help for the program or one of its commands' },
  args: { command: { type: 'positional', required: false, description: 'One of the commands' } },
};
