import { parseArgs } from 'node:util';

import { oldestVersion } from '../eras/era.js';
import { isAtLeast } from '../eras/supervisor-version.js';
import { UsageError } from './usage-error.js';

/** What the command was asked for. */
export interface CommandOptions {
  readonly port: number;
  readonly host: string;
  /** A file of apps; without one the library's default. */
  readonly apps: string | undefined;
  readonly supervisorVersion: string | undefined;
  readonly apiKey: string | undefined;
  /** A folder of locks; without one they are no files. */
  readonly lockFiles: string | undefined;
  readonly localMode: boolean;
  readonly unmanaged: boolean;
  readonly page: boolean;
}

export type CommandLine = { kind: 'serve'; options: CommandOptions } | { kind: 'help' } | { kind: 'version' };

/** Reads the command line. @throws UsageError */
export function readCommandLine(argv: readonly string[]): CommandLine {
  const { values } = parse(argv);
  if (values.help === true) return { kind: 'help' };
  if (values.version === true) return { kind: 'version' };
  const supervisorVersion = values['supervisor-version'];
  if (supervisorVersion !== undefined && !/^\d+\.\d+\.\d+/.test(supervisorVersion)) {
    throw new UsageError(`--supervisor-version must be a version such as 19.0.5, not "${supervisorVersion}".`);
  }
  if (supervisorVersion !== undefined && !isAtLeast(supervisorVersion, oldestVersion)) {
    throw new UsageError(
      `--supervisor-version must be ${oldestVersion} or later, not "${supervisorVersion}": older ones are not emulated.`,
    );
  }
  const apiKey = values['api-key'];
  if (apiKey !== undefined && !/^\w+$/.test(apiKey)) {
    throw new UsageError('--api-key must be made of letters, digits and underscores.');
  }
  for (const name of ['host', 'apps', 'lock-files'] as const) {
    if (values[name] === '') throw new UsageError(`--${name} needs a value.`);
  }
  return {
    kind: 'serve',
    options: {
      port: readPort(values.port ?? defaults.port),
      host: values.host ?? defaults.host,
      apps: values.apps,
      supervisorVersion,
      apiKey,
      lockFiles: values['lock-files'],
      localMode: values['local-mode'] === true,
      unmanaged: values.unmanaged === true,
      page: values['no-page'] !== true,
    },
  };
}

/** What the command does and which flags it takes. */
export function describeCommand(program: string): string {
  const rows = Object.entries(descriptions).map(([flag, description]) => `  ${flag.padEnd(33)}${description}\n`);
  return (
    `A balena Supervisor without a device. It answers until SIGINT or SIGTERM.\n\n` +
    `Usage: ${program} [flags]\n\n${rows.join('')}\n` +
    `A file of apps is a JSON array of what createSupervisor() takes, such as\n` +
    `  [{ "appId": 1234567, "appName": "myfleet", "services": ["main", "frontend"] }]\n`
  );
}

const defaults = { port: '48484', host: '127.0.0.1' };

const flags = {
  port: { type: 'string' },
  host: { type: 'string' },
  apps: { type: 'string' },
  'supervisor-version': { type: 'string' },
  'api-key': { type: 'string' },
  'lock-files': { type: 'string' },
  'local-mode': { type: 'boolean' },
  unmanaged: { type: 'boolean' },
  'no-page': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

const descriptions: Readonly<Record<string, string>> = {
  '--port <number>': `The port to listen on; 0 takes any free one. Default: ${defaults.port}`,
  '--host <address>': `The address to listen on. Default: ${defaults.host}`,
  '--apps <file>': 'The apps that run on the device. Default: one app with one service',
  '--supervisor-version <version>': `The Supervisor to emulate, from ${oldestVersion} on. Default: 19.0.5`,
  '--api-key <key>': 'The key of the first service. Default: a random one',
  '--lock-files <folder>': 'Where update locks are files, by app and service. Default: none are',
  '--local-mode': 'No key is asked for, apps come from POST /v2/local/target-state',
  '--unmanaged': 'As a device without a cloud: always in local mode, no tags',
  '--no-page': 'Without the page at /, as a real Supervisor',
  '--help, -h': 'Say this',
  '--version, -v': "Print this package's version",
};

function parse(argv: readonly string[]): ReturnType<typeof parseArgs<{ options: typeof flags; strict: true }>> {
  try {
    return parseArgs({ args: [...argv], options: flags, strict: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const sentence = message.split(/\. |\n/, 1)[0] ?? message;
    throw new UsageError(sentence.endsWith('.') ? sentence : `${sentence}.`);
  }
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new UsageError(`--port must be a whole number from 0 to 65535, not "${text}".`);
  }
  return port;
}
