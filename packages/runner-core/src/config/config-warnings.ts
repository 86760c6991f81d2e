import { nearestName } from '@serve.zone/baseos-command-line/nearest-name';
import type { Environment } from './environment-reader.js';
import type { ConfigMistake } from './config-mistake.js';
import { quote } from './environment-reader.js';
import { isLoopback } from './is-loopback.js';
import { nodeVariableWarnings } from './node-variables.js';
import type { ReadConfig } from './setting.js';
import { tokenForm } from './token-form.js';
import { namesOf, rows, settingOf, variables } from './variables.js';

/** Sentences about settings that are valid but probably not intended. */
export function configWarnings(
  environment: Environment,
  config: ReadConfig,
  { otherVariables, unusedMistakes }: { otherVariables: readonly string[]; unusedMistakes: readonly ConfigMistake[] },
): string[] {
  return [
    ...unknownVariables(environment, otherVariables),
    ...settingsWithoutEffect(config),
    ...mistakesWithoutEffect(unusedMistakes, config),
    ...malformedTokens(config),
    ...insecureHttp(config),
    ...entriesInVain(config),
    ...nodeVariableWarnings(environment),
  ];
}

function unknownVariables(environment: Environment, otherVariables: readonly string[]): string[] {
  const known = [...variables.flatMap(namesOf), ...otherVariables];
  return Object.keys(environment)
    .filter((name) => name.startsWith('BASEOS_') && environment[name] && !known.includes(name))
    .map((name) => {
      const nearest = nearestName(name, known);
      return `${quote(name)} is not a variable of BaseRunner and has no effect.${nearest ? ` Did you mean ${nearest}?` : ''}`;
    });
}

function settingsWithoutEffect(config: ReadConfig): string[] {
  const { cloudlyUrl, cloudlyMovedFrom, sources } = config;
  const warnings: string[] = [];
  if (sources['BASEOS_CLOUDLY_URL'] === 'unset') {
    for (const { name, needsCloudly } of rows) {
      if (needsCloudly && sources[name] !== 'unset') warnings.push(`${name} has no effect without BASEOS_CLOUDLY_URL.`);
    }
  }
  if (cloudlyMovedFrom !== undefined && cloudlyMovedFrom === cloudlyUrl?.origin) {
    warnings.push('BASEOS_CLOUDLY_MOVED_FROM has no effect: it is the origin of BASEOS_CLOUDLY_URL itself.');
  }
  if (sources['BALENA_SUPERVISOR_API_KEY'] !== 'unset' && sources['BALENA_SUPERVISOR_ADDRESS'] === 'unset') {
    warnings.push('BALENA_SUPERVISOR_API_KEY has no effect without BALENA_SUPERVISOR_ADDRESS.');
  }
  return warnings;
}

/**
 * Settings that never have an effect without another one have their own warning. The proxies of a fleet are mostly
 * meant for other programs, so their values are not judged here.
 */
function mistakesWithoutEffect(mistakes: readonly ConfigMistake[], { sources }: Pick<ReadConfig, 'sources'>): string[] {
  return mistakes
    .filter(({ variable }) => {
      const isTold = sources['BASEOS_CLOUDLY_URL'] === 'unset' && settingOf(variable)?.needsCloudly === true;
      return !isTold && !variable.endsWith('_PROXY') && settingOf(variable)?.name !== 'BALENA_SUPERVISOR_API_KEY';
    })
    .map(({ message }) => `${message} It is not used now.`);
}

/** No mistakes: a Cloudly may have tokens of its own, and a node that is enrolled needs none of them. */
function malformedTokens({ joinToken, nodeToken }: ReadConfig): string[] {
  const forms = [
    ['BASEOS_JOIN_TOKEN', joinToken && tokenForm('join', joinToken.reveal())],
    ['BASEOS_NODE_TOKEN', nodeToken && tokenForm('node', nodeToken.reveal())],
  ] as const;
  return forms.flatMap(([name, form]) => (form?.kind === 'slip' ? [`${name} ${form.clause}.`] : []));
}

/** Other programs may read them, so they are no mistakes. An entry may hold a password: none is quoted. */
function entriesInVain({ cloudlyProxy, noProxy = '' }: ReadConfig): string[] {
  return cloudlyProxy !== undefined && /[;|"'`]|\/(?!\d)/.test(noProxy)
    ? [
        'NO_PROXY has an entry that matches nothing: it is a URL, contains quotation marks, or is not separated by a comma. ' +
          `Cloudly is reached through the proxy ${cloudlyProxy.address}. If you did not intend that, correct NO_PROXY.`,
      ]
    : [];
}

function insecureHttp({ cloudlyUrl, allowInsecureHttp }: ReadConfig): string[] {
  return cloudlyUrl?.protocol === 'http:' && !isLoopback(cloudlyUrl) && allowInsecureHttp
    ? [
        `Tokens are sent to ${cloudlyUrl.host} over plain http (BASEOS_ALLOW_INSECURE_HTTP), so everyone on the way can read them.`,
      ]
    : [];
}
