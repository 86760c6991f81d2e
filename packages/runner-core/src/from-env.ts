import type { FetchLike } from '@serve.zone/baseos-cloudly-connector';
import type { BaseRunnerOptions } from './base-runner-options.js';
import { type Environment, parseConfig } from './config/parse-config.js';
import type { RunnerConfig } from './config/runner-config.js';
import type { Logger } from './logger.js';
import { invalidConfiguration } from './runner-error.js';

export interface FromEnvOptions {
  /** The version that the agent reports of itself. @default '0.0.0' */
  version?: string | undefined;
  /** A logger, or a function that makes one of the configuration. @default one that says nothing */
  logger?: Logger | ((config: RunnerConfig) => Logger) | undefined;
  /** The transport to Cloudly. @default ky, loaded at the first call */
  fetch?: FetchLike | undefined;
  /** The transport to the Supervisor, which never uses a proxy. @default ky, loaded at the first call */
  supervisorFetch?: FetchLike | undefined;
}

/** The configuration that an environment gives; throws the one error that names every mistake in it. */
export const configFromEnv = (environment: Environment): RunnerConfig => {
  const parsed = parseConfig(environment);
  if (!parsed.ok) throw invalidConfiguration(parsed.mistakes);
  return parsed.config;
};

/** Everything BaseRunner needs, made of the environment and of this machine: the one place that constructs clients. */
export const optionsFromEnv = (environment: Environment, options: FromEnvOptions): BaseRunnerOptions => {
  const config = configFromEnv(environment);
  const { logger } = options;
  return {
    config,
    openIdentity: async () => {
      throw new Error('being written');
    },
    version: options.version,
    logger: typeof logger === 'function' ? logger(config) : logger,
  };
};
