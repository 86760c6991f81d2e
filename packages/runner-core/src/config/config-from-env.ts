import { type Environment, parseConfig } from './parse-config.js';
import type { ConfigMistake } from './config-mistake.js';
import type { RunnerConfig } from './runner-config.js';
import { invalidConfiguration } from './runner-error.js';
import { variablesIn } from './variables.js';

/**
 * The configuration that an environment gives. Throws the one error that names every mistake in it, unless each of them is
 * in a setting that not every node needs: those are in `mistakes`, for a caller that knows the node.
 */
export function configFromEnv(environment: Environment): RunnerConfig {
  const parsed = parseConfig(environment);
  if (parsed.ok) return parsed.config;
  if (parsed.mistakes.every(({ neededBy }) => neededBy !== undefined)) return parsed.usable;
  throw invalidConfiguration(parsed.mistakes, parsed.warnings);
}

/** The settings that say where to read. If one is wrong, a reader would look in another place than the agent. */
const places: ReadonlySet<string> = new Set(variablesIn('state', 'status'));

/**
 * The same for a reader, which continues with every setting that is valid. Throws if a setting that says where to read
 * is wrong; every other mistake is in `mistakes`.
 */
export function readableConfigFromEnv(environment: Environment): RunnerConfig {
  const parsed = parseConfig(environment);
  if (parsed.ok) return parsed.config;
  if (arePlacesKnown(parsed.mistakes)) return parsed.usable;
  throw invalidConfiguration(parsed.mistakes, parsed.warnings);
}

/** Whether a reader with these mistakes looks where the agent does. */
export function arePlacesKnown(mistakes: readonly ConfigMistake[]): boolean {
  return !mistakes.some(({ variable }) => places.has(variable));
}
