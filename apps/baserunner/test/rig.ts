import { once } from 'node:events';
import { watch } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSupervisor, type ListeningSupervisor, type Supervisor } from '@serve.zone/balena-supervisor-emulator';
import { type HandlerEvent, type CommandOrder, queueCommand } from '@serve.zone/baseos-cloudly-handlers';
import { startStandaloneCloudly, type StandaloneCloudly } from '@serve.zone/baseos-cloudly-standalone';
import type { BuiltCli } from './build-cli.js';
import { Program } from '@serve.zone/baseos-testing/processes/program';
import { EventLog } from './event-log.js';

type EventOf<Kind extends HandlerEvent['kind']> = Extract<HandlerEvent, { kind: Kind }>;

/** The parts of `baserunner status` that the tests check. */
interface Status {
  agent: { running: boolean; version?: string };
  runtime: { agent: { version: string } };
  supervisor: { state: string; reason?: string };
  cloudly: {
    state: string;
    connectivity: string;
    nodeId?: string;
    problem?: { code: string; message: string; remedy: string };
  };
  configuration: Record<string, { value?: unknown; source: string }>;
  notices: { code: string; message: string; remedy?: string }[];
}

/**
 * A device's surroundings on loopback: a stand-alone Cloudly with its SQLite file, an emulated Supervisor, folders for
 * state and run directory, and the built CLI to start against them.
 */
export class Rig {
  readonly supervisor: Supervisor = createSupervisor({ relay: false });
  readonly events = new EventLog<HandlerEvent>();
  readonly folder: string;
  readonly #cli: BuiltCli;
  readonly #processes: Program[] = [];
  #supervisorListening: ListeningSupervisor | undefined;
  #cloudly: StandaloneCloudly | undefined;
  #cloudlyUrl = '';
  #aheadMs = 0;
  /** What starts the processes from now on somewhere else than here. */
  enter: readonly string[] = [];

  static async open(cli: BuiltCli): Promise<Rig> {
    const rig = new Rig(cli, await mkdtemp(join(tmpdir(), 'baserunner-rig-')));
    await mkdir(rig.stateDirectory, { mode: 0o700 });
    rig.#supervisorListening = await rig.supervisor.listen();
    await rig.startCloudly();
    return rig;
  }

  private constructor(cli: BuiltCli, folder: string) {
    this.#cli = cli;
    this.folder = folder;
  }

  /** The built CLI. */
  get cliPath(): string {
    return this.#cli.path;
  }

  get stateDirectory(): string {
    return join(this.folder, 'state');
  }

  get runDirectory(): string {
    return join(this.folder, 'run');
  }

  get statePath(): string {
    return join(this.stateDirectory, 'state.json');
  }

  get cloudlyUrl(): string {
    return this.#cloudlyUrl;
  }

  get supervisorAddress(): string {
    return this.#supervisorListening?.address ?? '';
  }

  /** The variables of a device that is to be enrolled here, without a join token. `undefined` leaves one out. */
  env(changes: Record<string, string | undefined> = {}): Record<string, string> {
    const env: Record<string, string | undefined> = {
      BASEOS_CLOUDLY_URL: this.#cloudlyUrl,
      BASEOS_STATE_PATH: this.statePath,
      BASEOS_RUN_PATH: this.runDirectory,
      BASEOS_HEARTBEAT_INTERVAL_MS: '1000',
      BASEOS_START_SPREAD_MS: '0',
      BASEOS_LOG_LEVEL: 'debug',
      BALENA_SUPERVISOR_ADDRESS: this.supervisorAddress,
      BALENA_SUPERVISOR_API_KEY: this.supervisor.apiKey,
      ...changes,
    };
    return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
  }

  start(env: Record<string, string>, nodeFlags: readonly string[] = []): Program {
    return this.#spawn(['start'], env, nodeFlags);
  }

  async run(argv: readonly string[], env: Record<string, string>, nodeFlags: readonly string[] = []) {
    const started = this.#spawn(argv, env, nodeFlags);
    const { code } = await started.exited;
    return { exitCode: code, stdout: started.stdout, stderr: started.stderr };
  }

  /** What `baserunner status` prints. */
  async status(env: Record<string, string>): Promise<Status> {
    const { exitCode, stdout, stderr } = await this.run(['status'], env);
    if (exitCode !== 0) throw new Error(`status ended with ${exitCode}:\n${stderr}`);
    const status = JSON.parse(stdout) as Status;
    // The temporary folder of this machine may be in memory. Another test covers the warning about that.
    return { ...status, notices: status.notices.filter(({ code }) => code !== 'identity-impermanent') };
  }

  /** The first one that fits, of an agent that runs: it publishes its status after what it logs and sends. */
  async statusThat(env: Record<string, string>, fits: (status: Status) => boolean): Promise<Status> {
    await mkdir(this.runDirectory, { recursive: true });
    const watcher = watch(this.runDirectory);
    try {
      for (;;) {
        const published = once(watcher, 'change');
        const status = await this.status(env);
        if (fits(status)) return status;
        await published;
      }
    } finally {
      watcher.close();
    }
  }

  async createJoinToken(options?: Parameters<StandaloneCloudly['createJoinToken']>[0]): Promise<string> {
    if (this.#cloudly === undefined) throw new Error('Cloudly is stopped.');
    return (await this.#cloudly.createJoinToken(options)).joinToken;
  }

  async event<Kind extends HandlerEvent['kind']>(
    kind: Kind,
    fits: (event: EventOf<Kind>) => boolean = () => true,
    from = 0,
  ): Promise<EventOf<Kind>> {
    return this.events.find(
      (event): event is EventOf<Kind> => event.kind === kind && fits(event as EventOf<Kind>),
      from,
    );
  }

  /** The next heartbeat from now on. */
  async nextHeartbeat(): Promise<EventOf<'heartbeat-received'>> {
    return this.event('heartbeat-received', undefined, this.events.entries.length);
  }

  eventsOf<Kind extends HandlerEvent['kind']>(kind: Kind): EventOf<Kind>[] {
    return this.events.entries.filter((event): event is EventOf<Kind> => event.kind === kind);
  }

  /** Has Cloudly command the device. The result comes with one of the next heartbeats. */
  async order(nodeId: string, order: CommandOrder): Promise<() => Promise<string | undefined>> {
    const store = this.#cloudly?.store;
    if (store === undefined) throw new Error('Cloudly is stopped.');
    const queued = await queueCommand(store, nodeId, order);
    if (queued.outcome !== 'queued') throw new Error(`The command was not queued: ${queued.outcome}.`);
    return async () => (await store.findCommand(nodeId, queued.command.id))?.result?.outcome;
  }

  /** Moves Cloudly's clock. */
  advanceCloudly(byMs: number): void {
    this.#aheadMs += byMs;
  }

  async stopCloudly(): Promise<void> {
    await this.#cloudly?.close();
    this.#cloudly = undefined;
  }

  /** With the data and, after a stop, at the address that it had. */
  async startCloudly(): Promise<void> {
    this.#cloudly = await startStandaloneCloudly({
      databasePath: join(this.folder, 'cloudly', 'fleet.sqlite'),
      port: this.#cloudlyUrl === '' ? 0 : Number(new URL(this.#cloudlyUrl).port),
      now: () => Date.now() + this.#aheadMs,
      onHandled: (event) => this.events.add(event),
    });
    this.#cloudlyUrl = this.#cloudly.url;
  }

  async close(): Promise<void> {
    await Promise.all(this.#processes.map((started) => started.end('SIGKILL')));
    await Promise.all([this.stopCloudly(), this.#supervisorListening?.close()]);
    await rm(this.folder, { recursive: true, force: true });
  }

  #spawn(argv: readonly string[], env: Record<string, string>, nodeFlags: readonly string[] = []): Program {
    const started = new Program([...nodeFlags, this.#cli.path, ...argv], { env, cwd: this.folder, enter: this.enter });
    this.#processes.push(started);
    return started;
  }
}
