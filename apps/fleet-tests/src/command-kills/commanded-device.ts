import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Program } from '@serve.zone/baseos-testing/processes/program';

/** What `journal.json` says of a command; `none` if it is not in it. */
export type JournalState = 'none' | 'taken' | 'asked' | 'ended' | 'told';

export interface CommandedDeviceOptions {
  /** The built program of BaseRunner. */
  cliPath: string;
  cloudlyUrl: string;
  supervisorUrl: string;
  apiKey: string;
  appId: number;
  serviceName: string;
  joinToken: string;
  /** What else is in the environment of the agent. */
  env?: Readonly<Record<string, string>>;
  /** What stands in front of the agent. */
  enter?: readonly string[] | undefined;
}

/** A device that accepts every command, with the built agent as a process on it. */
export class CommandedDevice {
  readonly #options: CommandedDeviceOptions;
  readonly #folder: string;
  #agent: Program | undefined;

  static async create(options: CommandedDeviceOptions): Promise<CommandedDevice> {
    return new CommandedDevice(options, await mkdtemp(join(tmpdir(), 'commanded-')));
  }

  private constructor(options: CommandedDeviceOptions, folder: string) {
    this.#options = options;
    this.#folder = folder;
  }

  start(): void {
    this.#agent = new Program([this.#options.cliPath, 'start'], { env: this.#env(), enter: this.#options.enter ?? [] });
  }

  /** Resolves when Cloudly has acknowledged a heartbeat. */
  async enrolled(): Promise<string> {
    await this.agent.logged(/acknowledged the first heartbeat/);
    return (JSON.parse(await readFile(join(this.#folder, 'state.json'), 'utf8')) as { nodeId: string }).nodeId;
  }

  get agent(): Program {
    if (!this.#agent) throw new Error('The agent was never started.');
    return this.#agent;
  }

  /** The agent ends without a chance to do anything more. */
  async kill(): Promise<void> {
    await this.agent.end('SIGKILL');
  }

  async stateOf(commandId: string): Promise<JournalState> {
    try {
      const text = await readFile(join(this.#folder, 'journal.json'), 'utf8');
      const { entries } = JSON.parse(text) as { entries: { id: string; state: JournalState }[] };
      return entries.find(({ id }) => id === commandId)?.state ?? 'none';
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'none';
      throw error;
    }
  }

  /** What a command of `baserunner` prints. */
  async run(...argv: string[]): Promise<string> {
    const program = new Program([this.#options.cliPath, ...argv], { env: this.#env() });
    const { code } = await program.exited;
    if (code !== 0) throw new Error(`baserunner ${argv.join(' ')} ended with ${code}:\n${program.stderr}`);
    return program.stdout;
  }

  async remove(): Promise<void> {
    await this.#agent?.end('SIGKILL');
    await rm(this.#folder, { recursive: true, force: true });
  }

  #env(): Record<string, string> {
    const { cloudlyUrl, supervisorUrl, apiKey, appId, serviceName, joinToken, env } = this.#options;
    return {
      BASEOS_CLOUDLY_URL: cloudlyUrl,
      BASEOS_JOIN_TOKEN: joinToken,
      BASEOS_STATE_PATH: join(this.#folder, 'state.json'),
      BASEOS_RUN_PATH: join(this.#folder, 'run'),
      BASEOS_HEARTBEAT_INTERVAL_MS: '1000',
      BASEOS_START_SPREAD_MS: '0',
      BASEOS_LOG_LEVEL: 'debug',
      BASEOS_COMMANDS: 'all',
      BALENA_SUPERVISOR_ADDRESS: supervisorUrl,
      BALENA_SUPERVISOR_API_KEY: apiKey,
      BALENA_APP_ID: String(appId),
      BALENA_SERVICE_NAME: serviceName,
      ...env,
    };
  }
}
