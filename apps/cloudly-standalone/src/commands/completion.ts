import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { bashScript } from '../completion/bash.js';
import { completeArgument } from '../completion/complete-argument.js';
import { zshScript } from '../completion/zsh.js';
import { readOneOf } from '../flags/read-flag.js';

const shells = ['bash', 'zsh'] as const;

const flags = {
  shell: { type: 'positional', required: true, offers: shells, description: shells.join(' or ') },
} as const;

/** What people call the program: its name, or a function that starts it. */
const names = ['cloudly-standalone', 'cloudly'];

export function completionCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'completion', description: 'Print the script by which a shell completes command lines' },
    args: flags,
    run: ({ args }) => {
      const shell = readOneOf('The shell', args.shell, shells);
      const command = [...context.startWords, completeArgument].map(quote).join(' ');
      context.stdout.write((shell === 'bash' ? bashScript : zshScript)(names, command));
    },
  });
}

/** As one word of a shell. */
function quote(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
