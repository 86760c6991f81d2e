import manifest from '../../package.json' with { type: 'json' };
import { createSupervisor } from '../create-supervisor.js';
import { LockFolderError } from '../lock-files/lock-folder-error.js';
import type { ListeningSupervisor, Supervisor } from '../supervisor.js';
import { describeCommand, readCommandLine } from './command-options.js';
import type { CommandOptions } from './command-options.js';
import { blameAppsFile, readAppsFile } from './read-apps-file.js';
import { UsageError } from './usage-error.js';

/** The parts of the outside world that the command uses. */
export interface CommandContext {
  /** Receives the result: the two lines for the environment, help, or the version. */
  stdout: { write(text: string): unknown };
  /** Receives notes and errors. */
  stderr: { write(text: string): unknown };
  /** Ends the emulator. */
  signal: AbortSignal;
}

/** Runs the command. The exit code is 0 after a stop, 1 if it cannot listen, 2 for a usage error. */
export async function runCommand(argv: readonly string[], context: CommandContext): Promise<0 | 1 | 2> {
  try {
    const line = readCommandLine(argv);
    if (line.kind === 'serve') return await serve(line.options, context);
    context.stdout.write(line.kind === 'help' ? describeCommand(program) : `${manifest.version}\n`);
    return 0;
  } catch (error) {
    const isUsage = error instanceof UsageError;
    const message = error instanceof Error ? error.message : String(error);
    context.stderr.write(`${program}: ${message}\n`);
    if (isUsage) context.stderr.write(`Run "${program} --help" to list the flags.\n`);
    return isUsage ? 2 : 1;
  }
}

async function serve(options: CommandOptions, { stdout, stderr, signal }: CommandContext): Promise<0> {
  const supervisor = await create(options);
  const listening = await listen(supervisor, options);
  const address = callableAddress(listening.address);
  stdout.write(`export BALENA_SUPERVISOR_ADDRESS=${address}\nexport BALENA_SUPERVISOR_API_KEY=${supervisor.apiKey}\n`);
  const page = options.page ? ` Status page: ${address}/` : '';
  stderr.write(`The emulated balena Supervisor answers at ${address}. Stop it with Ctrl-C.${page}\n`);
  await aborted(signal);
  await listening.close();
  stderr.write('Stopped.\n');
  return 0;
}

async function create(options: CommandOptions): Promise<Supervisor> {
  const { apps: path, supervisorVersion, apiKey, lockFiles, localMode, unmanaged, page } = options;
  const apps = path === undefined ? undefined : await readAppsFile(path);
  try {
    return createSupervisor({
      localMode,
      unmanaged,
      page,
      ...(supervisorVersion === undefined ? {} : { supervisorVersion }),
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(lockFiles === undefined ? {} : { lockFiles }),
      ...(apps === undefined ? {} : { apps }),
    });
  } catch (error) {
    const blamed = blameLockFiles(error);
    throw path === undefined ? blamed : blameAppsFile(path, blamed);
  }
}

function blameLockFiles(error: unknown): unknown {
  return error instanceof LockFolderError ? new UsageError(`--lock-files: ${error.problem}`) : error;
}

async function listen(supervisor: Supervisor, { host, port }: CommandOptions): Promise<ListeningSupervisor> {
  try {
    return await supervisor.listen({ host, port });
  } catch (error) {
    throw new Error(reasonOf(error as NodeJS.ErrnoException, host, port), { cause: error });
  }
}

function reasonOf({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is already in use. Stop the program that uses it, or choose another port with --port.`;
    case 'EACCES':
      return `this user may not listen on port ${port}. Choose a port from 1024 up with --port.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is not an address of this machine. Choose another with --host.`;
    default:
      return message;
  }
}

/** The address to call: one that means all interfaces cannot be called itself. */
function callableAddress(address: string): string {
  return address.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}

/** Waits for the signal and keeps the process alive: nothing else does while the device is off. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const alive = setInterval(() => undefined, dayMs);
    signal.addEventListener('abort', () => resolve(clearInterval(alive)), { once: true });
  });
}

const dayMs = 24 * 60 * 60_000;

const program = 'balena-supervisor-emulator';
