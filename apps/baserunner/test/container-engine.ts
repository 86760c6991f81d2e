import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, closeSync, constants, openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { shareResource } from '../../../test/shared-resources/shared-resource.js';
import { runProgram } from './run-program.js';

const daemonProgram = 'dockerd';
const programs = [daemonProgram, 'docker', 'docker-compose', 'iptables', 'busybox', 'strip'];

/** Whether the tests of an image can run on this machine. In CI they must. */
export interface ImageTests {
  isSkipped: boolean;
  /** For the name of a test that cannot run. */
  unless: string;
  /** Throws what is missing. */
  requireTools(this: void): void;
}

/** @param others what the tests lack beside a container engine */
export function imageTests(others: readonly string[] = []): ImageTests {
  const missing = [...missingTools(), ...others];
  const isTestable = missing.length === 0;
  const advice = `needs ${missing.join(', ')}: as root on Debian, npx -y pnpm@12.21.0 run test:tools`;
  return {
    isSkipped: !isTestable && process.env['CI'] !== 'true',
    unless: isTestable ? '' : ` (${advice})`,
    requireTools: () => {
      if (!isTestable) throw new Error(`The test of the image ${advice}`);
    },
  };
}

/** What a container engine of the test's own needs and this machine lacks. */
function missingTools(): string[] {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  const missing = programs.filter((program) => !folders.some((folder) => isExecutable(join(folder, program))));
  return process.getuid?.() === 0 ? missing : [...missing, 'root'];
}

/**
 * A Docker engine of the test's own: with its own data, its own socket, and no network of its own, so that it changes
 * nothing of the machine. It is gone, with everything in it, when `close` resolves.
 */
export class ContainerEngine {
  readonly #folder: string;
  #daemon: ChildProcess | undefined;

  static async open(): Promise<ContainerEngine> {
    const engine = new ContainerEngine(await mkdtemp(join(tmpdir(), 'baserunner-engine-')));
    try {
      await engine.#start();
    } catch (error) {
      const log = await readFile(engine.#logPath, 'utf8').catch(() => '');
      await engine.close();
      throw new Error(`dockerd did not start:\n${log}`, { cause: error });
    }
    return engine;
  }

  private constructor(folder: string) {
    this.#folder = folder;
  }

  async docker(...argv: string[]): Promise<string> {
    return runProgram('docker', argv, { env: this.#env });
  }

  /** Starts docker and gives what it writes, line by line. */
  follow(...argv: string[]): { lines: Interface; end: () => void } {
    const child = spawn('docker', argv, { env: this.#env, stdio: ['ignore', 'pipe', 'inherit'] });
    return { lines: createInterface(child.stdout), end: () => child.kill() };
  }

  /** What a container has written to stdout and stderr. */
  async logs(name: string): Promise<string> {
    return runProgram('sh', ['-c', 'exec docker logs "$1" 2>&1', 'sh', name], { env: this.#env });
  }

  /** @param cwd the folder of the compose files */
  async compose(cwd: string, ...argv: string[]): Promise<string> {
    return runProgram('docker-compose', argv, { cwd, env: this.#env });
  }

  /**
   * Imports an image for a Dockerfile to start from, so that no registry of images is needed.
   */
  async makeBaseImage(name: string): Promise<void> {
    await this.docker('import', await shareResource('base-image'), name);
  }

  async close(): Promise<void> {
    if (this.#isRunning) {
      const containers = (await this.docker('ps', '--all', '--quiet')).split('\n').filter((id) => id !== '');
      if (containers.length > 0) await this.docker('rm', '--force', ...containers);
    }
    await this.#stop();
    for (const mountPoint of await mountPointsBelow(this.#folder)) await runProgram('umount', ['--lazy', mountPoint]);
    await rm(this.#folder, { recursive: true, force: true });
  }

  get #isRunning(): boolean {
    return this.#daemon !== undefined && this.#daemon.exitCode === null && this.#daemon.signalCode === null;
  }

  get #logPath(): string {
    return join(this.#folder, 'dockerd.log');
  }

  /** BuildKit is off: balenaOS builds with the classic builder. */
  get #env(): NodeJS.ProcessEnv {
    return {
      PATH: process.env['PATH'],
      HOME: this.#folder,
      DOCKER_HOST: `unix://${join(this.#folder, 'docker.sock')}`,
      DOCKER_BUILDKIT: '0',
      COMPOSE_DOCKER_CLI_BUILD: '0',
    };
  }

  async #start(): Promise<void> {
    const log = openSync(this.#logPath, 'w');
    const daemon = spawn(
      daemonProgram,
      [
        ['--host', this.#env['DOCKER_HOST'] ?? ''],
        ['--data-root', join(this.#folder, 'data')],
        ['--exec-root', join(this.#folder, 'exec')],
        ['--pidfile', join(this.#folder, 'docker.pid')],
        ['--exec-opt', 'native.cgroupdriver=cgroupfs'],
        ['--bridge=none', '--iptables=false', '--ip6tables=false', '--ip-forward=false', '--ip-masq=false'],
      ].flat(),
      { stdio: ['ignore', log, log] },
    );
    closeSync(log);
    this.#daemon = daemon;
    // Whatever ends this process, the daemon does not outlive it.
    process.once('exit', () => daemon.kill('SIGKILL'));
    const ended = new Promise<never>((_resolve, reject) => {
      daemon.once('error', reject).once('exit', (code) => reject(new Error(`dockerd ended with ${code}.`)));
    });
    await Promise.race([this.#answers(), ended]);
  }

  async #answers(): Promise<void> {
    for (;;) {
      try {
        await this.docker('version');
        return;
      } catch (error) {
        if (!this.#isRunning) throw error;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  }

  async #stop(): Promise<void> {
    const daemon = this.#daemon;
    if (daemon === undefined || !this.#isRunning) return;
    const exited = new Promise((resolve) => daemon.once('exit', resolve));
    daemon.kill('SIGTERM');
    await exited;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The deepest first. */
async function mountPointsBelow(folder: string): Promise<string[]> {
  const mounts = (await readFile('/proc/self/mountinfo', 'utf8')).split('\n').map((line) => line.split(' ')[4] ?? '');
  return mounts.filter((mountPoint) => mountPoint.startsWith(`${folder}/`)).toReversed();
}
