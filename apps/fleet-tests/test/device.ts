import { once } from 'node:events';
import { watch } from 'node:fs';
import { cp, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Exit, Program } from '@serve.zone/baseos-testing/processes/program';
import { passTimeFlags, passTimeIn } from './pass-time.js';

/** Of what `baserunner status` prints, what these tests look at. */
interface Status {
  cloudly: { state: string; nodeId?: string; problem?: { code: string } };
}

/** A device with the built BaseRunner on it, which sends a heartbeat a second. */
export class Device {
  readonly #cliPath: string;
  readonly #cloudlyUrl: string;
  readonly #folder: string;
  #agent: Program | undefined;

  static async create(cliPath: string, cloudlyUrl: string): Promise<Device> {
    return new Device(cliPath, cloudlyUrl, await mkdtemp(join(tmpdir(), 'fleet-device-')));
  }

  private constructor(cliPath: string, cloudlyUrl: string, folder: string) {
    this.#cliPath = cliPath;
    this.#cloudlyUrl = cloudlyUrl;
    this.#folder = folder;
  }

  get agent(): Program {
    if (!this.#agent) throw new Error('The agent was never started.');
    return this.#agent;
  }

  get #stateDirectory(): string {
    return join(this.#folder, 'state');
  }

  /** Another device whose disk was copied from this one. */
  async copyDisk(): Promise<Device> {
    const copy = await Device.create(this.#cliPath, this.#cloudlyUrl);
    // Sockets belong to processes, and no copy of a disk has them.
    const filter = async (path: string): Promise<boolean> => !(await stat(path)).isSocket();
    await cp(this.#stateDirectory, copy.#stateDirectory, { recursive: true, filter });
    return copy;
  }

  start(joinToken?: string): void {
    this.#agent = new Program([...passTimeFlags, this.#cliPath, 'start'], { env: this.#env(joinToken) });
  }

  async stop(): Promise<Exit> {
    return this.agent.end('SIGTERM');
  }

  /** The first status that fits, of an agent that runs: it publishes each after what it logs. */
  async statusThat(fits: (status: Status) => boolean): Promise<Status> {
    const watcher = watch(join(this.#folder, 'run'));
    try {
      for (;;) {
        const published = once(watcher, 'change');
        const status = await this.#status();
        if (fits(status)) return status;
        await published;
      }
    } finally {
      watcher.close();
    }
  }

  /** What `baserunner status` prints. */
  async #status(): Promise<Status> {
    const command = new Program([this.#cliPath, 'status'], { env: this.#env() });
    const { code } = await command.exited;
    if (code !== 0) throw new Error(`status ended with ${code}:\n${command.stderr}`);
    return JSON.parse(command.stdout) as Status;
  }

  async nodeId(): Promise<string> {
    return (await this.#state()).nodeId;
  }

  /** The secret by which it proves itself now. */
  async nodeToken(): Promise<string> {
    return (await this.#state()).nodeToken ?? '';
  }

  /** The running process, as Cloudly knows it. */
  async bootId(): Promise<string> {
    const [, bootId = ''] = await this.agent.logged(/bootId=([\w-]+)/);
    return bootId;
  }

  /** Resolves when so many more heartbeats are acknowledged. One may be under way now: two are sent from now on. */
  async heartbeats(count: number): Promise<void> {
    const target = this.#acknowledged() + count;
    await this.agent.logged(target === 1 ? /acknowledged the first heartbeat/ : new RegExp(`heartbeat ${target}\\.`));
  }

  /** Ends the wait that the device has given a reason for. Such waits last minutes or hours. */
  async passTime(): Promise<void> {
    await passTimeIn(this.agent);
  }

  /** As an operator resets the identity of a device. */
  async forgetIdentity(): Promise<void> {
    await rm(this.#stateDirectory, { recursive: true });
  }

  async remove(): Promise<void> {
    await this.#agent?.end('SIGKILL');
    await rm(this.#folder, { recursive: true, force: true });
  }

  #acknowledged(): number {
    const found = Array.from(this.agent.stderr.matchAll(/acknowledged (?:the first heartbeat|heartbeat (\d+))/g)).at(
      -1,
    );
    return found ? Number(found[1] ?? 1) : 0;
  }

  async #state(): Promise<{ nodeId: string; nodeToken?: string }> {
    return JSON.parse(await readFile(join(this.#stateDirectory, 'state.json'), 'utf8')) as {
      nodeId: string;
      nodeToken?: string;
    };
  }

  #env(joinToken?: string): Record<string, string> {
    return {
      BASEOS_CLOUDLY_URL: this.#cloudlyUrl,
      BASEOS_STATE_PATH: join(this.#stateDirectory, 'state.json'),
      BASEOS_RUN_PATH: join(this.#folder, 'run'),
      BASEOS_HEARTBEAT_INTERVAL_MS: '1000',
      BASEOS_START_SPREAD_MS: '0',
      BASEOS_LOG_LEVEL: 'debug',
      ...(joinToken !== undefined && { BASEOS_JOIN_TOKEN: joinToken }),
    };
  }
}
