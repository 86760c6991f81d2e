import { BaseRunnerError } from '../runner-error.js';
import type { ConfigMistake } from './config-mistake.js';
import type { RunnerConfig } from './runner-config.js';

/** As `process.env` is: names to values, where `undefined` counts as unset. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface ParseConfigOptions {
  /**
   * Gives the text of the file that a `_FILE` variable names, or throws.
   *
   * @default `readFileSync` of `node:fs`
   */
  readFile?: ((path: string) => string) | undefined;
}

export type ParsedConfig =
  | { ok: true; config: RunnerConfig }
  /** All mistakes at once; `warnings` tell of variables that may be misspelt. */
  | { ok: false; mistakes: readonly ConfigMistake[]; warnings: readonly string[] };

/** The configuration that an environment gives, or every mistake in it. It never throws for what the environment holds. */
export const parseConfig = (_environment: Environment, _options: ParseConfigOptions = {}): ParsedConfig => {
  throw new BaseRunnerError('invalid-configuration', 'parseConfig: being written');
};
