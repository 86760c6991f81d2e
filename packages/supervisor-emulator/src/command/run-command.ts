import manifest from '../../package.json' with { type: 'json' };
import { createSupervisor } from '../create-supervisor.js';
import type { ListeningSupervisor, Supervisor } from '../supervisor.js';
import { describeCommand, readCommandLine } from './command-options.js';
import type { CommandOptions } from './command-options.js';
import { blameAppsFile, readAppsFile } from './read-apps-file.js';
import { UsageError } from './usage-error.js';

/** What the command may touch of the world around it. */
export interface CommandContext {
  /** Gets what is asked for: the two lines of the environment, help, the version. */
  stdout: { write(text: string): unknown };
  /** Gets notes and errors. */
  stderr: { write(text: string): unknown };
  /** Ends the emulator. */
  signal: AbortSignal;
}

/** Runs the command, and gives its exit code: 0 when it was stopped, 1 if it cannot listen, 2 for a mistake of its user. */
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
    if (isUsage) context.stderr.write(`"${program} --help" lists the flags.\n`);
    return isUsage ? 2 : 1;
  }
}

async function serve(options: CommandOptions, { stdout, stderr, signal }: CommandContext): Promise<0> {
  const supervisor = await create(options);
  const listening = await listen(supervisor, options);
  const address = callableAddress(listening.address);
  stdout.write(`export BALENA_SUPERVISOR_ADDRESS=${address}\nexport BALENA_SUPERVISOR_API_KEY=${supervisor.apiKey}\n`);
  const page = options.page ? ` Its page: ${address}/` : '';
  stderr.write(`An emulated balena Supervisor answers at ${address} until it is stopped.${page}\n`);
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
  const told = error instanceof Error ? /^createSupervisor: lockFiles: (.*)$/s.exec(error.message)?.[1] : undefined;
  return told === undefined ? error : new UsageError(`--lock-files: ${told}`);
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
      return `port ${port} of ${host} is taken. Stop what listens there, or choose another with --port.`;
    case 'EACCES':
      return `port ${port} may not be taken by this user. Choose one from 1024 up with --port.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is no address of this machine. Choose one with --host.`;
    default:
      return message;
  }
}

/** An address that means all of them is none to call. */
function callableAddress(address: string): string {
  return address.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}

/** Keeps the process alive meanwhile: nothing else does while the device is off. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const alive = setInterval(() => undefined, dayMs);
    signal.addEventListener('abort', () => resolve(clearInterval(alive)), { once: true });
  });
}

const dayMs = 24 * 60 * 60_000;

const program = 'balena-supervisor-emulator';
