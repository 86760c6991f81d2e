import type { ConfigMistake } from '../config/config-mistake.js';
import type { RunnerConfig } from '../config/runner-config.js';
import { variablesIn } from '../config/variables.js';

/**
 * The mistake that keeps an agent from its Supervisor: the setting counts as unset, but no message must say that it is
 * not set.
 */
export function supervisorMistake({ mistakes }: Pick<RunnerConfig, 'mistakes'>): ConfigMistake | undefined {
  return mistakes?.find(({ variable }) => variablesIn('supervisor').includes(variable));
}
