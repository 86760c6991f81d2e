import process from 'node:process';
import { type BaseRunnerOptions, type ResolvedOptions, resolveOptions } from './base-runner-options.js';
import type { Environment } from './config/parse-config.js';
import { type FromEnvOptions, optionsFromEnv } from './from-env.js';
import type { RunnerStatus } from './status/runner-status.js';

/**
 * The agent that makes a device a node of Cloudly: it keeps the device's identity, registers, sends heartbeats and reads
 * the local Supervisor, until it is stopped. Nothing that Cloudly, the Supervisor or the disk does ends it.
 */
export class BaseRunner {
  /** Resolves when the agent has stopped, by `stop()` or because `start()` failed. */
  readonly closed: Promise<void>;
  readonly #options: ResolvedOptions;

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
    this.closed = new Promise(() => undefined);
  }

  /**
   * Resolves when the agent runs: its identity is opened and the first call to Cloudly is planned. Waits while another
   * agent holds the state directory.
   *
   * @throws {BaseRunnerError} `invalid-configuration` where the environment does not fit what is stored.
   */
  async start(): Promise<void> {
    await this.#options.openIdentity({ signal: AbortSignal.abort(), onWait: () => undefined });
  }

  /** Ends the agent. A call to Cloudly that is under way gets 500 ms, then it is aborted. */
  async stop(): Promise<void> {
    return this.closed;
  }

  /** How the agent stands now. Nothing in it is secret. */
  status(): RunnerStatus {
    throw new Error('being written');
  }
}
