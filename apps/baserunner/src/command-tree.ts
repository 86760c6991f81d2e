import type { CommandDef } from 'citty';
import type { CommandContext, ExitCode } from './command-context.js';
import { version } from './version.js';

// A command's code is loaded when the command runs: `--help` and `--version` need none of it. Each gives its exit code.

const help = {
  type: 'boolean',
  alias: 'h',
  description: 'Say what the command does and which flags it takes',
} as const;

const start: CommandDef = {
  meta: { name: 'start', description: 'Run the agent until SIGTERM or SIGINT (without a command, this is what runs)' },
  args: { help },
  run: async ({ data }): Promise<ExitCode> => (await import('./commands/start.js')).start(data as CommandContext),
};

const status: CommandDef = {
  meta: {
    name: 'status',
    description: 'Print runtime, Supervisor, Cloudly and configuration as JSON; changes nothing',
  },
  args: { help },
  run: async ({ data }): Promise<ExitCode> => (await import('./commands/status.js')).status(data as CommandContext),
};

const checkSupervisor: CommandDef = {
  meta: { name: 'check-supervisor', description: 'Try every read of the Supervisor; print the results as JSON' },
  args: { help },
  run: async ({ data }): Promise<ExitCode> =>
    (await import('./commands/check-supervisor.js')).checkSupervisor(data as CommandContext),
};

const requestUpdate: CommandDef = {
  meta: { name: 'request-update', description: 'Ask the Supervisor to look for an update of the apps now' },
  args: { force: { type: 'boolean', description: "Override the apps' update locks" }, help },
  run: async ({ data, args }): Promise<ExitCode> =>
    (await import('./commands/request-update.js')).requestUpdate(data as CommandContext, {
      force: args['force'] === true,
    }),
};

/** Here to be listed; its argument is read with the command line. */
const helpCommand: CommandDef = {
  meta: { name: 'help', description: 'Say what baserunner, or one of its commands, does' },
  args: { command: { type: 'positional', required: false, description: 'One of the commands' }, help },
};

/** By the name that is typed. */
export const commands = {
  start,
  status,
  'check-supervisor': checkSupervisor,
  'request-update': requestUpdate,
  help: helpCommand,
} as const satisfies Record<string, CommandDef>;

export type CommandName = keyof typeof commands;

export const commandTree: CommandDef = {
  meta: { name: 'baserunner', version, description: 'Makes a balenaOS-derived device a node of Cloudly' },
  args: { help, version: { type: 'boolean', alias: 'v', description: 'Print the version' } },
  subCommands: commands,
};
