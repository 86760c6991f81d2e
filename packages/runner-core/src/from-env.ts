import { inSentences } from './values/problem.js';
import { nodeFileSystem } from './ports/node-file-system.js';
import { takeServiceLock } from './gate/take-service-lock.js';
import { gateMemoryFile } from './gate/gate-memory-file.js';
import { CloudlyConnector, type FetchLike } from '@serve.zone/baseos-cloudly-connector';
import type { BaseRunnerOptions } from './base-runner-options.js';
import { commandHook } from './commands/policy/command-hook.js';
import type { OnCommand } from './commands/policy/on-command.js';
import { openFileJournal } from './commands/journal/file-journal.js';
import { configFromEnv } from './config/config-from-env.js';
import type { Environment } from './config/parse-config.js';
import { isOnBalenaOs } from './config/is-on-balena-os.js';
import type { RunnerConfig } from './config/runner-config.js';
import { watchdogOf } from './config/watchdog-of.js';
import { pathCollisions } from './config/path-collisions.js';
import { openIdentity } from './store/open-identity.js';
import { realPaths } from './config/real-paths.js';
import { type Logger, silentLogger } from './ports/logger.js';
import { invalidConfiguration } from './config/runner-error.js';
import type { Watchdog } from './ports/watchdog.js';
import { safeLogger } from './ports/safe-logger.js';
import { supervisorOf } from './device/supervisor-of.js';
import { createRunDirectory } from './status/run-directory.js';

export interface FromEnvOptions extends Pick<BaseRunnerOptions, 'recentLog' | 'onCommand'> {
  /** The version that the agent reports of itself. @default '0.0.0' */
  version?: string | undefined;
  /** A logger, or a function that makes one from the configuration. @default one that logs nothing */
  logger?: Logger | ((config: RunnerConfig) => Logger) | undefined;
  /** Makes what ends a process whose loop hangs; not called where that is left to the engine. @default nothing does */
  watchdog?: ((config: RunnerConfig, logger: Logger) => Watchdog) | undefined;
  /**
   * The transport to Cloudly, or a function that makes one from the configuration, so that it can use the proxy and the
   * certificate authorities. @default ky, loaded at the first call
   */
  fetch?: FetchLike | { fromConfig: (config: RunnerConfig) => FetchLike } | undefined;
  /** The transport to the Supervisor, which never uses a proxy. @default ky, loaded at the first call */
  supervisorFetch?: FetchLike | undefined;
}

/**
 * Everything BaseRunner needs, made from the environment and this machine. With `supervisorOf`, the one place that
 * constructs clients.
 */
export function optionsFromEnv(environment: Environment, options: FromEnvOptions): BaseRunnerOptions {
  const config = configFromEnv(environment);
  const logger = safeLogger(
    typeof options.logger === 'function' ? options.logger(config) : (options.logger ?? silentLogger),
  );
  const supervisor = supervisorOf(config, options.supervisorFetch);
  return {
    config,
    openIdentity: async (opening) => {
      // Two paths that a link makes the same are found only now: this asks the disk, which may hang.
      const collisions = pathCollisions(await realPaths(config));
      if (collisions.length > 0) throw invalidConfiguration(collisions);
      return openIdentity({ config, ...opening });
    },
    openJournal: async (node) => openFileJournal({ statePath: config.statePath, node }),
    // Elsewhere no Supervisor looks for locks.
    takeUpdateLock: isOnBalenaOs(config) ? async () => takeServiceLock(config.device.updateLockPath) : undefined,
    gateMemory: gateMemoryFile({
      statePath: config.statePath,
      lockPath: config.device.updateLockPath,
      fileSystem: nodeFileSystem,
      onProblem: (problem) => logger.warn(inSentences(problem), { code: problem.code }),
    }),
    connector: config.cloudlyUrl && connectorTo(config.cloudlyUrl, fetchOf(config, options.fetch, logger)),
    supervisor,
    commandSupervisor: supervisor,
    onCommand: onCommandOf(options.onCommand, config, logger),
    publisher: createRunDirectory({
      runPath: config.runPath,
      onProblem: (problem) => logger.warn(inSentences(problem), { code: problem.code }),
    }),
    recentLog: options.recentLog,
    watchdog: watchdogOf(config) === 'thread' ? options.watchdog?.(config, logger) : undefined,
    version: options.version,
    logger,
  };
}

/** The program decides first, and then the hook of the environment. */
function onCommandOf(
  onCommand: OnCommand | undefined,
  { commandHook: path }: RunnerConfig,
  logger: Logger,
): OnCommand | undefined {
  const hook =
    path === undefined
      ? undefined
      : commandHook(path, {
          onProblem: (problem) => logger.warn(inSentences(problem), { code: problem.code }),
        });
  if (!onCommand || !hook) return onCommand ?? hook;
  return async (command, options) => {
    const verdict = await onCommand(command, options);
    return verdict === 'run' ? hook(command, options) : verdict;
  };
}

/** A transport that does not know the configuration cannot apply its network settings. */
function fetchOf(config: RunnerConfig, fetch: FromEnvOptions['fetch'], logger: Logger): FetchLike | undefined {
  if (typeof fetch === 'object') return fetch.fromConfig(config);
  const { certificateAuthorities, cloudlyProxy } = config;
  const ignored = [
    ...(certificateAuthorities ? ['the certificates of BASEOS_CA_FILE or BASEOS_CA_PEM'] : []),
    ...(cloudlyProxy ? [`the proxy ${cloudlyProxy.address}`] : []),
  ];
  if (ignored.length > 0) {
    logger.warn(
      `The transport of this program may ignore ${ignored.join(' and ')}. Pass the transport as fetch.fromConfig.`,
    );
  }
  return fetch;
}

function connectorTo(cloudlyUrl: URL, fetch: FetchLike | undefined): CloudlyConnector {
  return new CloudlyConnector({ cloudlyUrl, ...(fetch && { fetch }) });
}
