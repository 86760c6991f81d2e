import { escapeControls } from '@serve.zone/baseos-command-line';
import { type CommandDef, defineCommand } from 'citty';
import { type CommandContext, OperationError } from '../command-context.js';
import {
  type DatabaseLocation,
  databaseFlags,
  databaseLocation,
  describeLocation,
} from '../database/database-location.js';
import { describeDatabaseError } from '../database/describe-database-error.js';
import { describeEvent } from '../describe-event.js';
import { isEveryAddress } from '../is-every-address.js';
import { isLoopback } from '../is-loopback.js';
import { readDurationMs, readWholeNumber } from '../read-flag.js';
import { type StandaloneCloudly, startStandaloneCloudly } from '../start-standalone-cloudly.js';

const defaults = { host: '127.0.0.1', port: 8437 };

const flags = {
  host: { type: 'string', default: defaults.host, description: 'The address to listen on' },
  port: { type: 'string', default: String(defaults.port), description: 'The port to listen on; 0 takes any free one' },
  ...databaseFlags,
  'heartbeat-interval': {
    type: 'string',
    valueHint: 'duration',
    description: 'The pace given to every node, 5s to 1h; without it each node keeps its own',
  },
} as const;

export function serveCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'serve', description: 'Answer nodes until SIGTERM or SIGINT' },
    args: flags,
    run: async ({ args }) => {
      const interval = args['heartbeat-interval'];
      const options = {
        host: args.host,
        port: readWholeNumber('--port', args.port, { min: 0, max: 65_535 }),
        location: databaseLocation(args, context.env),
        heartbeatIntervalMs:
          interval === undefined
            ? undefined
            : readDurationMs('--heartbeat-interval', interval, { min: '5s', max: '1h' }),
      };
      const cloudly = await start(context, options);
      introduce(context, cloudly, options);
      await aborted(context.signal);
      tell(context, 'Stopping: requests in flight are answered first');
      await cloudly.close();
      tell(context, 'Stopped');
    },
  });
}

interface ServeOptions {
  location: DatabaseLocation;
  heartbeatIntervalMs: number | undefined;
  host: string;
  port: number;
}

async function start(context: CommandContext, options: ServeOptions): Promise<StandaloneCloudly> {
  const { location, ...rest } = options;
  try {
    return await startStandaloneCloudly({
      ...rest,
      ...(location.kind === 'sqlite' ? { databasePath: location.path } : { databaseUrl: location.url }),
      onEvent: (event) => tell(context, describeEvent(event)),
      onError: (error) => tell(context, `A request was answered with 503: ${escapeControls(messageOf(error))}`),
    });
  } catch (error) {
    throw new OperationError(`Cloudly cannot start: ${reason(error, options)}`);
  }
}

function reason(error: unknown, options: ServeOptions): string {
  const { host, port } = options;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' && syscall === 'listen') {
    return `${messageOf(error)}. Choose a port from 1024 up with --port.`;
  }
  switch (code) {
    case 'data-in-use':
      return `${messageOf(error)}. Stop it first, or give this one data of its own with --data.`;
    case 'EADDRINUSE':
      return `port ${port} of ${host} is taken. Stop what listens there, or choose another with --port.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is no address of this machine. Choose one with --host.`;
    default:
      return describeDatabaseError(error, options.location) ?? messageOf(error);
  }
}

function introduce(context: CommandContext, cloudly: StandaloneCloudly, options: ServeOptions): void {
  context.stderr.write(
    [
      `Cloudly listens ${describeAddress(cloudly.url)}`,
      `Its data is in     ${describeLocation(options.location)}`,
      `To let a device in: ${context.program} join-token create ${flagsBeside(options.location)}`,
      ...(isLoopback(options.host)
        ? []
        : [
            `Warning: it listens at ${options.host} without TLS, so tokens cross the network readably. Put a proxy with TLS ` +
              'before it, or keep to a network that you trust.',
          ]),
      '',
    ].join('\n'),
  );
}

/** What a command on the same fleet is given; of PostgreSQL without the URL, which may hold a password. */
function flagsBeside(location: DatabaseLocation): string {
  return location.kind === 'sqlite'
    ? `--data ${shellWord(location.path)}`
    : '--database <the same> --url <its address>';
}

/** An address that means all of them is none to call. */
function describeAddress(url: string): string {
  const { hostname, port } = new URL(url);
  return isEveryAddress(hostname) ? `on every address of this machine, port ${port}` : `at ${url}`;
}

function tell(context: CommandContext, sentence: string): void {
  context.stderr.write(`${new Date().toISOString()} ${sentence}\n`);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function shellWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
