import { type ExitCode, UsageError } from '@serve.zone/baseos-command-line';
import type { CommandDef } from 'citty';
import { versionLine } from './about/program.js';
import type { CommandContext } from './cli/command-context.js';
import type { StatusView } from './commands/status.js';

// A command's code is loaded when the command runs: `--help` and `--version` need none of it. Each gives its exit code.

type Arguments = Readonly<Record<string, unknown>>;

/** A command that prints data takes `--json`, also where JSON is what it prints anyway: a script can always ask for it. */
const json = { type: 'boolean', description: 'Print the result as JSON' } as const;
const jsonAnyway = { type: 'boolean', description: 'Print the result as JSON (the default)' } as const;

const start: CommandDef = {
  meta: { name: 'start', description: 'Run the agent until SIGTERM or SIGINT (the default command)' },
  run: async ({ data }): Promise<ExitCode> => (await import('./commands/start.js')).start(contextOf(data)),
};

const status: CommandDef = {
  meta: { name: 'status', description: 'Show the agent, the node, Cloudly and the Supervisor; changes nothing' },
  args: {
    human: { type: 'boolean', description: 'Print a summary for people' },
    json: { type: 'boolean', description: 'Print everything as JSON (the default)' },
    wire: { type: 'boolean', description: 'Print the next call to Cloudly as it would be sent, as JSON' },
  },
  run: async ({ data, args }): Promise<ExitCode> =>
    (await import('./commands/status.js')).status(contextOf(data), statusView(args)),
};

function statusView(args: Arguments): StatusView {
  if (isSet(args, 'human') && (isSet(args, 'json') || isSet(args, 'wire'))) {
    throw new UsageError('--human cannot be combined with --json or --wire.');
  }
  return isSet(args, 'wire') ? 'wire' : isSet(args, 'human') ? 'human' : 'json';
}

const doctor: CommandDef = {
  meta: { name: 'doctor', description: 'Check everything the agent depends on, and say what to do; changes nothing' },
  args: { json },
  run: async ({ data, args }): Promise<ExitCode> =>
    (await import('./commands/doctor.js')).doctor(contextOf(data), { json: isSet(args, 'json') }),
};

const diagnose: CommandDef = {
  meta: { name: 'diagnose', description: 'Write an archive for a bug report, without secrets and personal data' },
  args: {
    output: { type: 'string', description: 'The file to write, or - for stdout', valueHint: 'file' },
    json: { type: 'boolean', description: 'Print the path of the archive as JSON' },
  },
  run: async ({ data, args }): Promise<ExitCode> => {
    const output = typeof args['output'] === 'string' ? args['output'] : undefined;
    if (output === '-' && isSet(args, 'json')) throw new UsageError('--json cannot be combined with --output -.');
    const { diagnose: run } = await import('./commands/diagnose.js');
    return run(contextOf(data), { output, json: isSet(args, 'json') });
  },
};

const commands: CommandDef = {
  meta: { name: 'commands', description: 'Show what Cloudly has commanded, and what became of it; changes nothing' },
  args: { json },
  run: async ({ data, args }): Promise<ExitCode> =>
    (await import('./commands/list-commands.js')).listCommands(contextOf(data), { json: isSet(args, 'json') }),
};

const checkSupervisor: CommandDef = {
  meta: { name: 'check-supervisor', description: 'Try every read-only call to the Supervisor' },
  args: { json: jsonAnyway },
  run: async ({ data }): Promise<ExitCode> =>
    (await import('./commands/check-supervisor.js')).checkSupervisor(contextOf(data)),
};

const requestUpdate: CommandDef = {
  meta: { name: 'request-update', description: 'Ask the Supervisor to look for an update of the apps now' },
  args: { force: { type: 'boolean', description: "Override the apps' update locks" }, json: jsonAnyway },
  run: async ({ data, args }): Promise<ExitCode> =>
    (await import('./commands/request-update.js')).requestUpdate(contextOf(data), { force: isSet(args, 'force') }),
};

const identity: CommandDef = {
  meta: { name: 'identity', description: 'Show which node this device is, or reset it' },
  subCommands: {
    show: {
      meta: { name: 'show', description: 'Print the stored identity without its secrets; changes nothing' },
      args: { json },
      run: async ({ data, args }): Promise<ExitCode> =>
        (await import('./commands/identity-show.js')).identityShow(contextOf(data), { json: isSet(args, 'json') }),
    },
    reset: {
      meta: {
        name: 'reset',
        description: 'Forget which node this device is; without --yes, only show what would be done',
      },
      args: {
        yes: { type: 'boolean', description: 'Do it' },
        erase: {
          type: 'boolean',
          description: 'Remove every secret from the state directory instead of keeping the files',
        },
        json,
      },
      run: async ({ data, args }): Promise<ExitCode> =>
        (await import('./commands/identity-reset.js')).identityReset(contextOf(data), {
          yes: isSet(args, 'yes'),
          erase: isSet(args, 'erase'),
          json: isSet(args, 'json'),
        }),
    },
  },
};

const version: CommandDef = {
  meta: { name: 'version', description: 'Print the version and the commit of this program' },
  args: { json },
  run: async ({ data, args }): Promise<ExitCode> =>
    (await import('./commands/version.js')).printVersion(contextOf(data), { json: isSet(args, 'json') }),
};

export const commandTree: CommandDef = {
  meta: { name: 'baserunner', version: versionLine, description: 'Makes a balenaOS device a node of Cloudly' },
  default: 'start',
  subCommands: {
    start,
    status,
    doctor,
    diagnose,
    commands,
    'check-supervisor': checkSupervisor,
    'request-update': requestUpdate,
    identity,
    version,
  },
};

/** What `runCli` gives to every command. */
function contextOf(data: unknown): CommandContext {
  return data as CommandContext;
}

function isSet(args: Arguments, flag: string): boolean {
  return args[flag] === true;
}
