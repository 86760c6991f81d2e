import { bypassesProxy } from './bypasses-proxy.js';
import type { ConfigMistake } from './config-mistake.js';
import { isLoopback } from './is-loopback.js';
import type { RunnerConfig } from './runner-config.js';

type ReadConfig = Omit<RunnerConfig, 'warnings' | 'mistakes'>;

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

/** The setting that a variable, or its `_FILE` form, gives. */
function settingOf(variable: string): string {
  return variable === 'BASEOS_CA_FILE' ? variable : variable.replace(/_FILE$/, '');
}

function withNeed(mistake: ConfigMistake): ConfigMistake {
  return {
    ...mistake,
    neededBy: neededBy[settingOf(mistake.variable)],
  };
}

/** What every node needs is not in here. A stored identity has an ID, and an enrolled one a token of its Cloudly. */
const neededBy: Readonly<Record<string, ConfigMistake['neededBy']>> = {
  BASEOS_NODE_ID: 'new-node',
  BASEOS_JOIN_TOKEN: 'unenrolled-node',
  BASEOS_NODE_TOKEN: 'unenrolled-node',
  BASEOS_CLOUDLY_MOVED_FROM: 'unenrolled-node',
};

/** Whether a setting does anything beside the others, whatever its own value is. */
function isUsed(variable: string, config: ReadConfig): boolean {
  const { cloudlyUrl, cloudlyProxy, noProxy = '', supervisorAddress, sources } = config;
  const hasCloudly = cloudlyUrl !== undefined;
  const isDirect = !hasCloudly || bypassesProxy(cloudlyUrl, noProxy);
  // A proxy may be spoken to by TLS as well.
  const usesTls = cloudlyUrl?.protocol === 'https:' || cloudlyProxy?.address.startsWith('https:') === true;
  const uses: Readonly<Record<string, boolean>> = {
    BASEOS_JOIN_TOKEN: hasCloudly,
    BASEOS_NODE_TOKEN: hasCloudly,
    BASEOS_CLOUDLY_MOVED_FROM: hasCloudly,
    BASEOS_START_SPREAD_MS: hasCloudly,
    BASEOS_ALLOW_INSECURE_HTTP: cloudlyUrl?.protocol === 'http:' && !isLoopback(cloudlyUrl),
    BASEOS_CA_FILE: usesTls,
    BASEOS_CA_PEM: usesTls,
    NO_PROXY: !isDirect && sources[cloudlyUrl.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY'] !== 'unset',
    HTTPS_PROXY: cloudlyUrl?.protocol === 'https:' && !isDirect,
    HTTP_PROXY: cloudlyUrl?.protocol === 'http:' && !isDirect,
    BALENA_SUPERVISOR_API_KEY: supervisorAddress !== undefined || sources['BALENA_SUPERVISOR_ADDRESS'] !== 'unset',
  };
  return uses[settingOf(variable)] ?? true;
}
