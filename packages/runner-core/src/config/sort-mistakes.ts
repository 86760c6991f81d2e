import type { ConfigMistake } from './config-mistake.js';
import type { ReadConfig } from './setting.js';
import { settingOf } from './variables.js';

export interface SortedMistakes {
  /** In settings that count, each with the node that needs it. */
  mistakes: readonly ConfigMistake[];
  /** In settings without effect. */
  unused: readonly ConfigMistake[];
}

/**
 * Separates the mistakes in settings without effect from those that count. A remote device must not be lost because of
 * a value that is not used. Pure.
 */
export function sortMistakes(mistakes: readonly ConfigMistake[], config: ReadConfig): SortedMistakes {
  const isCloudlyKnown = !mistakes.some(({ variable }) => variable === 'BASEOS_CLOUDLY_URL');
  // Without a valid URL of Cloudly, it is not known which settings it needs.
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

/** Whether a setting has an effect, given the other settings. */
function isUsed(variable: string, config: ReadConfig): boolean {
  return settingOf(variable)?.isUsed?.(config) ?? true;
}
