import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { DemoFailure } from '../ending/demo-failure.js';
import { type AgentLine, parseAgentLine } from './parse-agent-line.js';

export interface BaseRunnerProcess {
  pid: number | undefined;
  /** Resolves, in words, when the process has ended. */
  ended: Promise<string>;
  /** Ends it as a service manager does: SIGTERM, and SIGKILL if that does not help. */
  stop(): Promise<void>;
}

/** How long BaseRunner may take to end; it promises 500 ms for an exchange in flight. */
const STOP_TIMEOUT_MS = 3000;

/** `baserunner start` as a process of its own, with these variables beside those that every process has. */
export function startBaseRunner(options: {
  variables: Readonly<Record<string, string>>;
  onLine: (line: AgentLine) => void;
}): BaseRunnerProcess {
  const preload = new URL('end-with-parent.js', import.meta.url).href;
  const child = spawn(process.execPath, ['--import', preload, baseRunnerPath(), 'start'], {
    env: { ...neutralEnvironment(), ...options.variables },
    stdio: ['pipe', 'ignore', 'pipe'],
    // In a process group of its own, Ctrl-C reaches the demo alone, which then ends BaseRunner in an orderly way.
    detached: process.platform !== 'win32',
  });
  createInterface({ input: child.stderr }).on('line', (text) => options.onLine(parseAgentLine(text)));
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`it could not be started: ${error.message}`));
    child.once('close', (code, signal) => resolve(signal ? `it was ended by ${signal}` : `its exit code was ${code}`));
  });
  return { pid: child.pid, ended, stop: () => stop(child) };
}

/** The program of the package @serve.zone/baseos. */
export function baseRunnerPath(): string {
  const manifest = fileURLToPath(import.meta.resolve('@serve.zone/baseos/package.json'));
  const path = join(dirname(manifest), 'dist', 'cli.js');
  if (!existsSync(path))
    throw new DemoFailure(`BaseRunner is not built: ${path} does not exist. Run \`npm start\` to build it.`);
  return path;
}

/** The environment of this process, without the variables for another BaseRunner. */
function neutralEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(BASEOS|BALENA|RESIN)_/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  child.kill('SIGTERM');
  await exited;
  clearTimeout(timer);
}
