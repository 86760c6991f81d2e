import process from 'node:process';
import { type BaseRunnerOptions, type ResolvedOptions, resolveOptions } from './base-runner-options.js';
import { acceptedCommands, acceptedWords } from './commands/policy/accepted-commands.js';
import { commandedDevice } from './commanded-device.js';
import type { CommandedDevice } from './commands/worker/worker-context.js';
import { createGate } from './create-gate.js';
import type { ReleaseGate } from './gate/release-gate.js';
import type { RuntimeStatus } from '@serve.zone/baseos-contracts';
import type { Environment } from './config/parse-config.js';
import { DesiredStateKeeper } from './loop/desired-state-keeper.js';
import { type FromEnvOptions, optionsFromEnv } from './from-env.js';
import type { IdentityStore } from './identity/identity-store.js';
import type { LoopSnapshot } from './loop/heartbeat-loop.js';
import { hangsAfterMs, opening, type Progress } from './loop/progress.js';
import type { Logger } from './ports/logger.js';
import { type BaseRunnerError, isBaseRunnerError } from './config/runner-error.js';
import { openRunning, type Running } from './open-running.js';
import { openUnlessStopped } from './open-unless-stopped.js';
import { aborted } from './ports/aborted.js';
import { cloudlyStatus, unopenedCloudlyStatus } from './status/cloudly-status.js';
import { composeStatus } from './status/compose-status.js';
import { DeviceObserver } from './device/device-observer.js';
import { inSentences } from './values/problem.js';
import { LiveStatus } from './status/live-status.js';
import { type WakingStatus, wakingOff } from './waking/waking-status.js';
import type { RunnerStatus } from './status/runner-status.js';

/** How long the agent waits at a stop for what is in progress: for a call to Cloudly, then for the disk. */
const stopGraceMs = 500;

/** The rest of the 1.5 s that a stop may take: time to withdraw the status and release the directory. */
const cleanUpGraceMs = 300;

/**
 * The agent that makes a device a node of Cloudly: it keeps the device's identity, registers, sends heartbeats and reads
 * the local Supervisor, until it is stopped. No failure of Cloudly, the Supervisor or the disk ends it.
 */
export class BaseRunner {
  /** Resolves when the agent has stopped: by `stop()`, because `start()` failed, or for the reason in `failure`. */
  readonly closed: Promise<void>;
  readonly #options: ResolvedOptions;
  readonly #bootId: string;
  readonly #observer: DeviceObserver;
  readonly #device: CommandedDevice | undefined;
  readonly #gate: ReleaseGate;
  readonly #desiredState: DesiredStateKeeper;
  readonly #live: LiveStatus | undefined;
  /** Ends waits and reads. */
  readonly #stopping = new AbortController();
  /** Ends the call to Cloudly that is under way. */
  readonly #abandon = new AbortController();
  /** Nothing of the agent is left to wait for. */
  readonly #over = new AbortController();
  #started: Promise<void> | undefined;
  /** Held, or being released. */
  #store: IdentityStore | undefined;
  #cleanedUp: Promise<void> | undefined;
  #isAnnounced = false;
  #running: Running | undefined;
  #failure: unknown;
  readonly #heartbeats = { sent: 0 };

  /**
   * An agent as the environment describes it, with this machine's disk, clock and network.
   *
   * @throws {BaseRunnerError} `invalid-configuration` with every mistake in the environment.
   */
  static fromEnv(environment: Environment = process.env, options: FromEnvOptions = {}): BaseRunner {
    return new BaseRunner(optionsFromEnv(environment, options));
  }

  constructor(options: BaseRunnerOptions) {
    this.#options = resolveOptions(options);
    const { config, logger, randomness, publisher, machine, clock, recentLog, version } = this.#options;
    this.#bootId = randomness.uuid();
    const accepted = this.#options.commandSupervisor ? acceptedWords(acceptedCommands(config)) : [];
    const device = commandedDevice(this.#options, {
      storageFreeBytes: () => this.#observer.latest?.vitals.storageFreeBytes,
      gate: () => this.#gate,
    });
    this.#device = device;
    this.#gate = createGate(this.#options, {
      look: device && (async (signal) => device.look(signal)),
      onNews: () => this.#running?.loop.nudge(),
      stopping: this.#stopping.signal,
    });
    const updates = () => this.#updates;
    this.#observer = new DeviceObserver({ ...this.#options, acceptedCommands: accepted, updates });
    this.#desiredState = new DesiredStateKeeper({ logLevel: config.logLevel, logger });
    const agent = { pid: process.pid, bootId: this.#bootId, version };
    this.#live = publisher && new LiveStatus({ publisher, machine, clock, agent, recentLog, logger });
    this.closed = aborted(this.#over.signal);
  }

  /**
   * Resolves when the agent runs: its identity is opened and the first call to Cloudly is planned. Waits while another
   * agent holds the state directory; a `stop()` ends that wait.
   *
   * @throws {BaseRunnerError} `invalid-configuration` where the environment contradicts the stored identity.
   */
  async start(): Promise<void> {
    this.#started ??= this.#start();
    return this.#started;
  }

  /**
   * Ends the agent and resolves when it is closed. A call to Cloudly that is under way gets 500 ms, then is aborted; a
   * disk that hangs holds it for 800 ms more at most. Calling it again aborts the call to Cloudly at once.
   */
  async stop(): Promise<void> {
    if (!this.#stopping.signal.aborted) {
      const { clock } = this.#options;
      this.#stopping.abort();
      void this.#running?.commands.noteStop();
      this.#gate.noteStop();
      if (this.#started === undefined) this.#over.abort();
      await clock.sleep(stopGraceMs, this.#over.signal);
      this.#abandon.abort();
      await clock.sleep(stopGraceMs, this.#over.signal);
      if (!this.#over.signal.aborted) await this.#cleanUp();
    } else {
      this.#abandon.abort();
    }
    return this.closed;
  }

  /**
   * Why the agent ended after it had started, unless `stop()` ended it: a {@link BaseRunnerError}
   * `invalid-configuration` where an identity that became readable needs a setting that has a mistake; otherwise a
   * defect. It is logged.
   */
  get failure(): unknown {
    return this.#failure;
  }

  /** The current state of the agent. Nothing in it is secret. */
  status(): RunnerStatus {
    return this.#statusOf(this.#running?.loop.snapshot);
  }

  #statusOf(snapshot: LoopSnapshot | undefined): RunnerStatus {
    const { config, version, machine, clock } = this.#options;
    const cloudly = snapshot ? cloudlyStatus(snapshot, clock.monotonicMs()) : unopenedCloudlyStatus(config);
    const isPaced = cloudly.heartbeatIntervalMs !== config.heartbeatIntervalMs;
    return composeStatus({
      config,
      version,
      machine,
      status: snapshot?.report?.status ?? this.#observer.latest?.status,
      vitals: snapshot?.report?.vitals,
      cloudly: { ...cloudly, waking: this.#waking },
      commands: this.#running?.commands.overview,
      updates: this.#updates,
      inForce: {
        cloudlyIntervalMs: isPaced ? cloudly.heartbeatIntervalMs : undefined,
        cloudlyLogLevel: snapshot?.cloudlyLogLevel,
        nodeId: cloudly.nodeId,
      },
    });
  }

  get #waking(): WakingStatus | undefined {
    const { config, connector } = this.#options;
    return config.wake === 'off' && connector ? wakingOff : this.#running?.waker?.status;
  }

  /** A program that carries out no commands says nothing of them, unless it holds releases back. */
  get #updates(): RuntimeStatus['updates'] {
    const { status } = this.#gate;
    return this.#device || status.mode === 'gated' ? status : undefined;
  }

  async #start(): Promise<void> {
    const { config } = this.#options;
    const stopping = this.#stopping.signal;
    if (stopping.aborted) return;
    // Only the opened identity shows whether a mistake prevents the start.
    if (!config.mistakes?.length) this.#announce();
    try {
      const running = await this.#open();
      if (running) void this.#run(running);
      else await this.#cleanUp();
    } catch (error) {
      await this.#cleanUp();
      throw error;
    }
  }

  #announce(): void {
    if (this.#isAnnounced) return;
    this.#isAnnounced = true;
    const { config, logger, version } = this.#options;
    logger.info(`BaseRunner ${version} starts.`, { version, bootId: this.#bootId });
    for (const warning of config.warnings) logger.warn(inSentences(warning), { code: warning.code });
  }

  /** Everything that depends on the identity; absent if a stop came first. */
  async #open(): Promise<Running | undefined> {
    const { openIdentity, logger } = this.#options;
    const signals = { stopping: this.#stopping.signal, abandon: this.#abandon.signal };
    const opened = new AbortController();
    void this.#stayAliveUntil(opened.signal);
    this.#store = await openUnlessStopped({
      openIdentity,
      logger,
      announce: () => this.#announce(),
      ...signals,
    }).finally(() => opened.abort());
    this.#running =
      this.#store &&
      (await openRunning(this.#store, {
        options: this.#options,
        bootId: this.#bootId,
        observer: this.#observer,
        device: this.#device,
        gate: this.#gate,
        desiredState: this.#desiredState,
        heartbeats: this.#heartbeats,
        ...signals,
        onNews: () => this.#running?.loop.nudge(),
        onProgress: (progress, snapshot) => this.#goesOn(progress, snapshot),
      }));
    return this.#running;
  }

  /** The identity has become readable, or another one is stored: discard the temporary one. */
  async #reopen({ store, commands, ended }: Running, end: 'readable' | 'changed'): Promise<Running | undefined> {
    this.#options.logger.info(
      end === 'readable'
        ? 'The identity can be read now. The agent opens it again.'
        : 'The stored identity has changed. The agent opens it again.',
    );
    this.#options.watchdog?.rest();
    this.#running = undefined;
    ended.abort();
    await commands.closed();
    await store.close();
    this.#store = undefined;
    return this.#open();
  }

  /** A disk or another agent may keep it waiting for longer than a health check has patience. A restart would not help. */
  async #stayAliveUntil(opened: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    for (;;) {
      await clock.sleep(opening.waitMs, opened);
      if (opened.aborted || this.#cleanedUp) return;
      this.#live?.stayAlive(hangsAfterMs(opening));
    }
  }

  /** A status that cannot be published must not disturb the agent. */
  #goesOn(progress: Progress, snapshot: LoopSnapshot): void {
    // The disk may have hung, and the loop may have been stopped in the meantime.
    if (this.#cleanedUp) return;
    this.#options.watchdog?.expect(hangsAfterMs(progress));
    try {
      const { nextRequest } = snapshot;
      this.#live?.publish({ status: this.#statusOf(snapshot), nextRequest }, hangsAfterMs(progress));
    } catch (error) {
      this.#options.logger.error('The live status could not be composed.', { error });
    }
  }

  async #run(first: Running): Promise<void> {
    const { logger } = this.#options;
    const signals = { stopping: this.#stopping.signal, abandon: this.#abandon.signal };
    try {
      for (let running: Running | undefined = first; running;) {
        const end = await running.loop.run(signals);
        running = end === 'stopped' ? undefined : await this.#reopen(running, end);
      }
      logger.info('BaseRunner has stopped.');
    } catch (error) {
      this.#failure = error;
      if (isBaseRunnerError(error)) logMistakes(error, logger);
      else logger.error('A bug in BaseRunner ended the agent.', { error });
    } finally {
      await this.#cleanUp();
    }
  }

  /** What is under way of a command is cut off, and what was noted of it is stored while the directory is held. */
  async #closeStore(): Promise<void> {
    const { commands, ended } = this.#running ?? {};
    ended?.abort();
    await commands?.closed();
    await this.#gate.closed();
    await this.#store?.close();
  }

  /**
   * Runs however the agent ends: withdraws its status, releases its directory, and closes. Never waits for a disk that
   * hangs.
   */
  async #cleanUp(): Promise<void> {
    this.#cleanedUp ??= (async () => {
      const done = new AbortController();
      this.#options.watchdog?.rest();
      const works = [async () => this.#live?.withdraw(), async () => this.#closeStore()];
      void Promise.allSettled(works.map(async (work) => work())).then(() => done.abort());
      await this.#options.clock.sleep(cleanUpGraceMs, done.signal);
      this.#over.abort();
    })();
    return this.#cleanedUp;
  }
}

/** Each on a line of its own. */
function logMistakes({ mistakes, message }: BaseRunnerError, logger: Logger): void {
  if (mistakes.length === 0) logger.error(message);
  for (const mistake of mistakes) {
    const { code, variable, expected } = mistake;
    logger.error(inSentences(mistake), { code, variable, expected });
  }
}
