import { type Environment, parseConfig } from './parse-config.js';
import type { ConfigMistake } from './config-mistake.js';
import type { RunnerConfig } from './runner-config.js';
import { invalidConfiguration } from './runner-error.js';
import { variablesIn } from './variables.js';

/**
 * The configuration that an environment gives. Throws the one error that names every mistake in it, unless each of them is
 * in a setting that not every node needs: those are in `mistakes`, for who knows the node.
 */
export function configFromEnv(environment: Environment): RunnerConfig {
  const parsed = parseConfig(environment);
  if (parsed.ok) return parsed.config;
  if (parsed.mistakes.every(({ neededBy }) => neededBy !== undefined)) return parsed.usable;
  throw invalidConfiguration(parsed.mistakes, parsed.warnings);
}

/** What tells where to read: without it, a look would be at another place than the agent's. */
const places: ReadonlySet<string> = new Set(variablesIn('state', 'status'));

/**
 * The same for who only reads, to go on with whatever can be used. Throws where the places to read at are mistaken; every
 * other mistake is in `mistakes`.
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
