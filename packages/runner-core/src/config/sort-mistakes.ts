import type { ConfigMistake } from './config-mistake.js';
import type { ReadConfig } from './setting.js';
import { settingOf } from './variables.js';

export interface SortedMistakes {
  /** In settings that count, each with the node that needs it. */
  mistakes: readonly ConfigMistake[];
  /** In settings that do nothing beside the others. */
  unused: readonly ConfigMistake[];
}

/**
 * Parts the mistakes in settings that do nothing from those that count. A device that nobody can reach must not be lost
 * over a value that would not be used. Pure.
 */
export function sortMistakes(mistakes: readonly ConfigMistake[], config: ReadConfig): SortedMistakes {
  const isCloudlyKnown = !mistakes.some(({ variable }) => variable === 'BASEOS_CLOUDLY_URL');
  // Without a Cloudly that can be read, nobody knows what it would need.
  const counts = ({ variable }: ConfigMistake): boolean => !isCloudlyKnown || isUsed(variable, config);
  return {
    mistakes: mistakes.filter(counts).map(withNeed),
    unused: mistakes.filter((mistake) => !counts(mistake)),
  };
}

function withNeed(mistake: ConfigMistake): ConfigMistake {
  return {
    ...mistake,
    neededBy: settingOf(mistake.variable)?.neededBy,
  };
}

/** Whether a setting does anything beside the others, whatever its own value is. */
function isUsed(variable: string, config: ReadConfig): boolean {
  return settingOf(variable)?.isUsed?.(config) ?? true;
}
