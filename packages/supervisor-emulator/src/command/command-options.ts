import { parseArgs } from 'node:util';

import { oldestVersion } from '../eras/era.js';
import { isAtLeast } from '../eras/supervisor-version.js';
import { UsageError } from './usage-error.js';

/** The settings of the command. */
export interface CommandOptions {
  port: number;
  host: string;
  /** A file of apps. Without it, the library's default applies. */
  apps: string | undefined;
  supervisorVersion: string | undefined;
  apiKey: string | undefined;
  /** A folder for lock files. Without it, locks are not files. */
  lockFiles: string | undefined;
  localMode: boolean;
  unmanaged: boolean;
  page: boolean;
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
      `--supervisor-version must be ${oldestVersion} or later, not "${supervisorVersion}": older versions are not emulated.`,
    );
  }
  const apiKey = values['api-key'];
  if (apiKey !== undefined && !/^\w+$/.test(apiKey)) {
    throw new UsageError('--api-key must consist of letters, digits and underscores.');
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

/** The help text. */
export function describeCommand(program: string): string {
  const rows = Object.entries(descriptions).map(([flag, description]) => `  ${flag.padEnd(33)}${description}\n`);
  return (
    `Emulates a balena Supervisor, without a device, until it is stopped.\n\n` +
    `Usage: ${program} [flags]\n\n${rows.join('')}\n` +
    `The file of apps is a JSON array in the format of createSupervisor({ apps }), such as\n` +
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
  '--port <number>': `The port to listen on; 0 for any free port. Default: ${defaults.port}`,
  '--host <address>': `The address to listen on. Default: ${defaults.host}`,
  '--apps <file>': 'A JSON file with the apps of the device. Default: one app with one service',
  '--supervisor-version <version>': `The Supervisor version to emulate, ${oldestVersion} or later. Default: 19.0.5`,
  '--api-key <key>': 'The API key of the first service. Default: a random key',
  '--lock-files <folder>': 'Keep update locks as files in this folder. Default: no files',
  '--local-mode': 'Start in local mode: no API key, apps from POST /v2/local/target-state',
  '--unmanaged': 'Emulate a device without a cloud: always in local mode, no tags',
  '--no-page': 'Do not serve the status page at /; a real Supervisor has none',
  '--help, -h': 'Show this help',
  '--version, -v': 'Show the version of this package',
};

function parse(argv: readonly string[]): ReturnType<typeof parseArgs<{ options: typeof flags; strict: true }>> {
  const { tokens } = parseArgs({ args: [...argv], options: flags, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind === 'positional') throw new UsageError(`Unexpected argument "${token.value}".`);
    if (token.kind === 'option') checkFlag(token);
  }
  return parseArgs({ args: [...argv], options: flags, strict: true });
}

/** A flag, as parseArgs finds it. */
interface FlagToken {
  name: string;
  /** With its dashes. */
  rawName: string;
  value?: string | undefined;
  /** Whether the value follows an equals sign. */
  inlineValue?: boolean | undefined;
}

function checkFlag({ name, rawName, value, inlineValue }: FlagToken): void {
  const type = Object.hasOwn(flags, name) ? flags[name as keyof typeof flags].type : undefined;
  if (type === undefined) throw new UsageError(`Unknown flag ${rawName}.`);
  // A rule of parseArgs: a value that looks like a flag must follow an equals sign.
  const isMissing = value === undefined || (!inlineValue && /^-./.test(value));
  if (type === 'string' && isMissing) throw new UsageError(`${rawName} needs a value.`);
  if (type === 'boolean' && value !== undefined) throw new UsageError(`${rawName} takes no value.`);
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new UsageError(`--port must be a whole number from 0 to 65535, not "${text}".`);
  }
  return port;
}
