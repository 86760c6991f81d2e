import process from 'node:process';
import type { Environment } from '../config/parse-config.js';
import { configFromEnv, type FromEnvOptions } from '../from-env.js';
import type { PublishedStatus } from './published-status.js';
import type { RunnerStatus } from './runner-status.js';

/** What `baserunner status` shows. */
export interface StatusReport extends RunnerStatus {
  /** The agent that runs on this device, as far as its published status tells. */
  agent: { running: boolean } & Partial<PublishedStatus['agent']>;
  /** What an operator should know, in sentences: warnings of the configuration, damage to the state. */
  notices: readonly string[];
}

/**
 * The state of this device, read from outside: the stored identity, the Supervisor, and what a running agent published.
 * It registers nothing, writes nothing, locks nothing, and works with and without a running agent.
 *
 * @throws {BaseRunnerError} `invalid-configuration` with every mistake in the environment.
 */
export const reportStatus = async (
  environment: Environment = process.env,
  _options: Omit<FromEnvOptions, 'logger'> = {},
): Promise<StatusReport> => {
  configFromEnv(environment);
  throw new Error('being written');
};
