import type { ConfigMistake } from './config-mistake.js';
import type { ConfigWarning } from './config-warning.js';
import { configWarnings } from './config-warnings.js';
import { readDeviceFacts } from './device-facts.js';
import { type Environment, EnvironmentReader } from './environment-reader.js';
import { isLoopback } from './is-loopback.js';
import { pathCollisions } from './path-collisions.js';
import { readSettings } from './read-settings.js';
import { readTextFile } from './read-text-file.js';
import type { RunnerConfig } from './runner-config.js';
import { sortMistakes } from './sort-mistakes.js';

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
   * All mistakes at once; `warnings` name variables that may be misspelt. `usable` is the configuration without the
   * settings that have a mistake. An agent whose node needs none of them can run with it: see `ConfigMistake.neededBy`.
   */
  | { ok: false; mistakes: readonly ConfigMistake[]; warnings: readonly ConfigWarning[]; usable: RunnerConfig };

/**
 * The configuration that an environment gives, or every mistake in it. A mistake in a setting without effect is a
 * warning. It never throws for what the environment holds.
 */
export function parseConfig(environment: Environment, options: ParseConfigOptions = {}): ParsedConfig {
  const reader = new EnvironmentReader(environment, options.readFile ?? readTextFile);
  const { device, warnings } = readDeviceFacts(reader);
  const read = { ...readSettings(reader), device, sources: reader.sources };
  refuseTwoAuthorities(reader);
  refuseInsecureHttp(read, reader);
  reader.mistakes.push(...pathCollisions(read));
  const { mistakes, unused: unusedMistakes } = sortMistakes(reader.mistakes, read);
  warnings.push(...configWarnings(environment, read, { otherVariables: options.otherVariables ?? [], unusedMistakes }));
  if (mistakes.length === 0) return { ok: true, config: { ...read, warnings } };
  return { ok: false, mistakes, warnings, usable: { ...read, warnings, mistakes } };
}

function refuseTwoAuthorities(reader: EnvironmentReader): void {
  if (reader.text('BASEOS_CA_FILE') === undefined || reader.text('BASEOS_CA_PEM') === undefined) return;
  reader.mistakes.push({
    code: 'settings-exclusive',
    variable: 'BASEOS_CA_PEM',
    message: 'BASEOS_CA_FILE and BASEOS_CA_PEM are both set.',
    remedy: 'Remove BASEOS_CA_FILE or BASEOS_CA_PEM.',
  });
}

function refuseInsecureHttp(
  { cloudlyUrl, allowInsecureHttp }: Pick<RunnerConfig, 'cloudlyUrl' | 'allowInsecureHttp'>,
  reader: EnvironmentReader,
): void {
  if (cloudlyUrl?.protocol !== 'http:' || isLoopback(cloudlyUrl) || allowInsecureHttp) return;
  // The mistake in the permission is already reported.
  if (reader.mistakes.some(({ variable }) => variable === 'BASEOS_ALLOW_INSECURE_HTTP')) return;
  reader.mistakes.push({
    code: 'insecure-http',
    variable: 'BASEOS_CLOUDLY_URL',
    expected: 'an https:// URL',
    message: `BASEOS_CLOUDLY_URL leads to ${cloudlyUrl.host} over plain http, where everyone on the way can read and use the tokens.`,
    remedy: 'Set BASEOS_CLOUDLY_URL to an https:// URL, or set BASEOS_ALLOW_INSECURE_HTTP=1 if you accept that.',
  });
}
