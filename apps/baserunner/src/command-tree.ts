import type { ExitCode } from '@serve.zone/baseos-command-line';
import type { CommandDef } from 'citty';
import type { CommandContext } from './cli/command-context.js';
import { versionLine } from './about/program.js';

// A command's code is loaded when the command runs: `--help` and `--version` need none of it. Each gives its exit code.

const json = { type: 'boolean', description: 'Print the result as JSON' } as const;

const start: CommandDef = {
  meta: { name: 'start', description: 'Run the agent until SIGTERM or SIGINT (without a command, this is what runs)' },
  run: async ({ data }): Promise<ExitCode> => (await import('./commands/start.js')).start(data as CommandContext),
};

const status: CommandDef = {
  meta: {
    name: 'status',
    description: 'Print runtime, Supervisor, Cloudly and configuration as JSON; changes nothing',
  },
  args: { wire: { type: 'boolean', description: 'Print the next call to Cloudly as it would be sent instead' } },
  run: async ({ data, args }): Promise<ExitCode> =>
    (await import('./commands/status.js')).status(data as CommandContext, { wire: args['wire'] === true }),
};

const doctor: CommandDef = {
  meta: { name: 'doctor', description: 'Check all that the agent rests on, and say what to do; changes nothing' },
  args: { json: { type: 'boolean', description: 'Print the checks as JSON' } },
  run: async ({ data, args }): Promise<ExitCode> =>
    (await import('./commands/doctor.js')).doctor(data as CommandContext, { json: args['json'] === true }),
};

const diagnose: CommandDef = {
  meta: { name: 'diagnose', description: 'Write an archive for a bug report, without secrets and personal data' },
  args: { output: { type: 'string', description: 'The file to write, or - for stdout', valueHint: 'file' } },
  run: async ({ data, args }): Promise<ExitCode> =>
    (await import('./commands/diagnose.js')).diagnose(data as CommandContext, {
      output: typeof args['output'] === 'string' ? args['output'] : undefined,
    }),
};

const checkSupervisor: CommandDef = {
  meta: { name: 'check-supervisor', description: 'Try every read of the Supervisor; print the results as JSON' },
  run: async ({ data }): Promise<ExitCode> =>
    (await import('./commands/check-supervisor.js')).checkSupervisor(data as CommandContext),
};

const requestUpdate: CommandDef = {
  meta: { name: 'request-update', description: 'Ask the Supervisor to look for an update of the apps now' },
  args: { force: { type: 'boolean', description: "Override the apps' update locks" } },
  run: async ({ data, args }): Promise<ExitCode> =>
    (await import('./commands/request-update.js')).requestUpdate(data as CommandContext, {
      force: args['force'] === true,
    }),
};

const identity: CommandDef = {
  meta: { name: 'identity', description: 'Show which node this device is, or make it forget that' },
  subCommands: {
    show: {
      meta: { name: 'show', description: 'Print the stored identity without its secrets; changes nothing' },
      args: { json: { type: 'boolean', description: 'Print it as JSON' } },
      run: async ({ data, args }): Promise<ExitCode> =>
        (await import('./commands/identity-show.js')).identityShow(data as CommandContext, {
          json: args['json'] === true,
        }),
    },
    reset: {
      meta: { name: 'reset', description: 'Forget which node this is; without --yes, say what would be done' },
      args: {
        yes: { type: 'boolean', description: 'Do it' },
        erase: { type: 'boolean', description: 'Keep nothing aside: remove every secret from the state directory' },
      },
      run: async ({ data, args }): Promise<ExitCode> =>
        (await import('./commands/identity-reset.js')).identityReset(data as CommandContext, {
          yes: args['yes'] === true,
          erase: args['erase'] === true,
        }),
    },
  },
};

const version: CommandDef = {
  meta: { name: 'version', description: 'Print the version and the commit of this program' },
  args: { json },
  run: async ({ data, args }): Promise<ExitCode> =>
    (await import('./commands/version.js')).printVersion(data as CommandContext, { json: args['json'] === true }),
};

export const commandTree: CommandDef = {
  meta: { name: 'baserunner', version: versionLine, description: 'Makes a balenaOS-derived device a node of Cloudly' },
  default: 'start',
  subCommands: {
    start,
    status,
    doctor,
    diagnose,
    'check-supervisor': checkSupervisor,
    'request-update': requestUpdate,
    identity,
    version,
  },
};
