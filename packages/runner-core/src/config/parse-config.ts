import { logLevels } from '@serve.zone/baseos-contracts';
import type { ConfigMistake } from './config-mistake.js';
import { certificateAuthorities } from './certificate-authorities.js';
import { configWarnings } from './config-warnings.js';
import { readDeviceFacts } from './device-facts.js';
import { type Environment, EnvironmentReader } from './environment-reader.js';
import { isLoopback } from './is-loopback.js';
import { listenAddress } from './listen-address.js';
import { directoryPath, filePath, flag, httpUrl, nodeId, oneOf, origin, wholeNumber } from './parse-value.js';
import { pathCollisions } from './path-collisions.js';
import { readProxySettings } from './proxy-settings.js';
import { readTextFile } from './read-text-file.js';
import type { LogFormat, RunnerConfig } from './runner-config.js';
import { sortMistakes } from './sort-mistakes.js';
import { bounds, defaults } from './variables.js';

export type { Environment } from './environment-reader.js';

export interface ParseConfigOptions {
  /**
   * Gives the text of a file that a variable names, or throws.
   *
   * @default the first `maxBytes` of the file
   */
  readFile?: ((path: string, maxBytes: number) => string) | undefined;
  /** Names of `BASEOS_*` variables that are read elsewhere, so that they do not count as misspelt. @default none */
  otherVariables?: readonly string[] | undefined;
}

export type ParsedConfig =
  | { ok: true; config: RunnerConfig }
  /**
   * All mistakes at once; `warnings` tell of variables that may be misspelt. `usable` is the configuration without the
   * settings that have a mistake. With it an agent can run whose node needs none of them: see `ConfigMistake.neededBy`.
   */
  | { ok: false; mistakes: readonly ConfigMistake[]; warnings: readonly string[]; usable: RunnerConfig };

/**
 * The configuration that an environment gives, or every mistake in it. One in a setting that does nothing beside the others
 * is a warning. It never throws for what the environment holds.
 */
export function parseConfig(environment: Environment, options: ParseConfigOptions = {}): ParsedConfig {
  const reader = new EnvironmentReader(environment, options.readFile ?? readTextFile);
  const { device, warnings } = readDeviceFacts(reader);
  const heartbeatIntervalMs =
    reader.value('BASEOS_HEARTBEAT_INTERVAL_MS', wholeNumber(bounds.heartbeatIntervalMs)) ??
    defaults.heartbeatIntervalMs;
  const cloudlyUrl = reader.value('BASEOS_CLOUDLY_URL', httpUrl);
  const read = {
    cloudlyUrl,
    joinToken: reader.secret('BASEOS_JOIN_TOKEN'),
    nodeToken: reader.secret('BASEOS_NODE_TOKEN'),
    nodeId: reader.value('BASEOS_NODE_ID', nodeId),
    statePath: reader.value('BASEOS_STATE_PATH', filePath) ?? defaults.statePath,
    runPath: reader.value('BASEOS_RUN_PATH', directoryPath),
    heartbeatIntervalMs,
    startSpreadMs: reader.value('BASEOS_START_SPREAD_MS', wholeNumber(bounds.startSpreadMs)) ?? heartbeatIntervalMs,
    supervisorAddress: reader.value('BALENA_SUPERVISOR_ADDRESS', httpUrl)?.href.replace(/\/$/, ''),
    supervisorApiKey: reader.secret('BALENA_SUPERVISOR_API_KEY'),
    logLevel: reader.value('BASEOS_LOG_LEVEL', oneOf(logLevels)) ?? defaults.logLevel,
    logFormat: reader.value('BASEOS_LOG_FORMAT', oneOf<LogFormat>(['pretty', 'json'])) ?? defaults.logFormat,
    allowInsecureHttp: reader.value('BASEOS_ALLOW_INSECURE_HTTP', flag) ?? false,
    cloudlyMovedFrom: reader.value('BASEOS_CLOUDLY_MOVED_FROM', origin),
    metricsListen: reader.value('BASEOS_METRICS_LISTEN', listenAddress),
    ...readProxySettings(reader, cloudlyUrl),
    certificateAuthorities: readAuthorities(reader),
    device,
    sources: reader.sources,
  };
  refuseInsecureHttp(read, reader);
  reader.mistakes.push(...pathCollisions(read));
  const { mistakes, unused: unusedMistakes } = sortMistakes(reader.mistakes, read);
  warnings.push(...configWarnings(environment, read, { otherVariables: options.otherVariables ?? [], unusedMistakes }));
  if (mistakes.length === 0) return { ok: true, config: { ...read, warnings } };
  return { ok: false, mistakes, warnings, usable: { ...read, warnings, mistakes } };
}

const AUTHORITIES_MAX_BYTES = 1024 * 1024;

function readAuthorities(reader: EnvironmentReader): readonly string[] | undefined {
  const ofFile = reader.fileContent('BASEOS_CA_FILE', certificateAuthorities, AUTHORITIES_MAX_BYTES);
  const ofValue = reader.looseValue('BASEOS_CA_PEM', certificateAuthorities);
  if (reader.text('BASEOS_CA_FILE') !== undefined && reader.text('BASEOS_CA_PEM') !== undefined) {
    reader.mistakes.push({
      variable: 'BASEOS_CA_PEM',
      expected: 'BASEOS_CA_FILE or BASEOS_CA_PEM, not both',
      message: 'BASEOS_CA_FILE and BASEOS_CA_PEM are both set: remove one of them.',
    });
  }
  return ofFile ?? ofValue;
}

function refuseInsecureHttp(
  { cloudlyUrl, allowInsecureHttp }: Pick<RunnerConfig, 'cloudlyUrl' | 'allowInsecureHttp'>,
  reader: EnvironmentReader,
): void {
  if (cloudlyUrl?.protocol !== 'http:' || isLoopback(cloudlyUrl) || allowInsecureHttp) return;
  // What is wrong with the permission is told already.
  if (reader.mistakes.some(({ variable }) => variable === 'BASEOS_ALLOW_INSECURE_HTTP')) return;
  reader.mistake(
    {
      name: 'BASEOS_CLOUDLY_URL',
      expected: 'an https:// URL, or BASEOS_ALLOW_INSECURE_HTTP=1 beside it if you accept that',
    },
    `BASEOS_CLOUDLY_URL leads to ${cloudlyUrl.host} by plain http, where everyone on the way can read and use the tokens`,
  );
}
