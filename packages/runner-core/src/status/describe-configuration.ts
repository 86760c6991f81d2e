import type { LogLevel } from '@serve.zone/baseos-contracts';
import { showListenAddress } from '../config/listen-address.js';
import type { RunnerConfig } from '../config/runner-config.js';
import type { Secret } from '../values/secret.js';
import type { RunnerStatus } from './runner-status.js';

type Configuration = RunnerStatus['configuration'];
type Value = Configuration[string]['value'];

/** What is in force beside the environment. */
export interface InForce {
  /** Cloudly's pace, if it gave one. */
  cloudlyIntervalMs?: number | undefined;
  /** Cloudly's log level, if it gave one. */
  cloudlyLogLevel?: LogLevel | undefined;
  nodeId?: string | undefined;
}

/** Every setting with the value in force and where it came from. A secret shows only that it is set. */
export function describeConfiguration(config: RunnerConfig, inForce: InForce): Configuration {
  const values = valuesOf(config);
  const configuration: Configuration = {};
  for (const [name, source] of Object.entries(config.sources)) configuration[name] = { value: values[name], source };
  const { cloudlyIntervalMs, cloudlyLogLevel, nodeId } = inForce;
  if (cloudlyIntervalMs !== undefined) {
    configuration['BASEOS_HEARTBEAT_INTERVAL_MS'] = { value: cloudlyIntervalMs, source: 'cloudly' };
  }
  if (cloudlyLogLevel !== undefined) configuration['BASEOS_LOG_LEVEL'] = { value: cloudlyLogLevel, source: 'cloudly' };
  if (nodeId !== undefined && config.nodeId === undefined) {
    configuration['BASEOS_NODE_ID'] = { value: nodeId, source: 'state-file' };
  }
  return configuration;
}

function valuesOf(config: RunnerConfig): Readonly<Record<string, Value>> {
  return {
    BASEOS_CLOUDLY_URL: config.cloudlyUrl?.href,
    BASEOS_JOIN_TOKEN: shown(config.joinToken),
    BASEOS_NODE_TOKEN: shown(config.nodeToken),
    BASEOS_NODE_ID: config.nodeId,
    BASEOS_STATE_PATH: config.statePath,
    BASEOS_RUN_PATH: config.runPath,
    BASEOS_HEARTBEAT_INTERVAL_MS: config.heartbeatIntervalMs,
    BASEOS_START_SPREAD_MS: config.startSpreadMs,
    BASEOS_LOG_LEVEL: config.logLevel,
    BASEOS_LOG_FORMAT: config.logFormat,
    BASEOS_ALLOW_INSECURE_HTTP: config.allowInsecureHttp,
    BASEOS_CLOUDLY_MOVED_FROM: config.cloudlyMovedFrom,
    BASEOS_METRICS_LISTEN: config.metricsListen && showListenAddress(config.metricsListen),
    BASEOS_CA_FILE: countOf(config, 'BASEOS_CA_FILE'),
    BASEOS_CA_PEM: countOf(config, 'BASEOS_CA_PEM'),
    HTTPS_PROXY: proxyOf(config, 'HTTPS_PROXY'),
    HTTP_PROXY: proxyOf(config, 'HTTP_PROXY'),
    NO_PROXY: config.noProxy,
    BALENA_SUPERVISOR_ADDRESS: config.supervisorAddress,
    BALENA_SUPERVISOR_API_KEY: shown(config.supervisorApiKey),
  };
}

function countOf({ sources, certificateAuthorities: { length } = [] }: RunnerConfig, name: string): Value {
  return isSet(sources, name) ? `${length} ${length === 1 ? 'certificate' : 'certificates'}` : undefined;
}

function proxyOf({ sources, cloudlyProxy, cloudlyUrl }: RunnerConfig, name: string): Value {
  if (!isSet(sources, name)) return undefined;
  const isOwn = (cloudlyUrl?.protocol === 'https:') === (name === 'HTTPS_PROXY');
  return (isOwn && cloudlyProxy?.address) || 'not used for Cloudly';
}

function isSet(sources: RunnerConfig['sources'], name: string): boolean {
  return sources[name] === 'environment';
}

function shown(secret: Secret | undefined): string | undefined {
  return secret?.toString();
}
