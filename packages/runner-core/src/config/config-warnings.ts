import { nearestName } from '@serve.zone/baseos-command-line/nearest-name';
import type { Environment } from './environment-reader.js';
import type { ConfigMistake } from './config-mistake.js';
import type { ConfigWarning } from './config-warning.js';
import { quote } from './environment-reader.js';
import { isLoopback } from './is-loopback.js';
import { isOnBalenaOs } from './is-on-balena-os.js';
import { nodeVariableWarnings } from './node-variables.js';
import type { ReadConfig } from './setting.js';
import { tokenForm } from './token-form.js';
import { namesOf, rows, settingOf, variables } from './variables.js';

/** The settings that are valid but probably not intended. */
export function configWarnings(
  environment: Environment,
  config: ReadConfig,
  { otherVariables, unusedMistakes }: { otherVariables: readonly string[]; unusedMistakes: readonly ConfigMistake[] },
): ConfigWarning[] {
  return [
    ...unknownVariables(environment, otherVariables),
    ...settingsWithoutEffect(config),
    ...mistakesWithoutEffect(unusedMistakes, config),
    ...malformedTokens(config),
    ...insecureHttp(config),
    ...entriesInVain(config),
    ...watchdogLeftOut(config),
    ...nodeVariableWarnings(environment),
  ];
}

function unknownVariables(environment: Environment, otherVariables: readonly string[]): ConfigWarning[] {
  const known = [...variables.flatMap(namesOf), ...otherVariables];
  return Object.keys(environment)
    .filter((name) => name.startsWith('BASEOS_') && environment[name] && !known.includes(name))
    .map((name) => {
      const nearest = nearestName(name, known);
      return {
        code: 'variable-unknown',
        message: `${quote(name)} is not a variable of BaseRunner and has no effect.${nearest ? ` Did you mean ${nearest}?` : ''}`,
        remedy: `Correct or remove ${quote(name)}.`,
      };
    });
}

function settingsWithoutEffect(config: ReadConfig): ConfigWarning[] {
  const { cloudlyUrl, cloudlyMovedFrom, sources } = config;
  const warnings: ConfigWarning[] = [];
  const warn = (message: string, remedy: string): unknown =>
    warnings.push({ code: 'setting-without-effect', message, remedy });
  if (sources['BASEOS_CLOUDLY_URL'] === 'unset') {
    for (const { name, needsCloudly } of rows) {
      if (needsCloudly && sources[name] !== 'unset' && sources[name] !== 'default') {
        warn(`${name} has no effect without BASEOS_CLOUDLY_URL.`, `Set BASEOS_CLOUDLY_URL, or remove ${name}.`);
      }
    }
  }
  if (cloudlyMovedFrom !== undefined && cloudlyMovedFrom === cloudlyUrl?.origin) {
    warn(
      'BASEOS_CLOUDLY_MOVED_FROM has no effect: it is the origin of BASEOS_CLOUDLY_URL itself.',
      'Remove BASEOS_CLOUDLY_MOVED_FROM.',
    );
  }
  if (sources['BALENA_SUPERVISOR_API_KEY'] !== 'unset' && sources['BALENA_SUPERVISOR_ADDRESS'] === 'unset') {
    warn(
      'BALENA_SUPERVISOR_API_KEY has no effect without BALENA_SUPERVISOR_ADDRESS.',
      'Set BALENA_SUPERVISOR_ADDRESS, or remove BALENA_SUPERVISOR_API_KEY.',
    );
  }
  return warnings;
}

/**
 * Settings that never have an effect without another one have their own warning. The proxies of a fleet are mostly
 * meant for other programs, so their values are not judged here.
 */
function mistakesWithoutEffect(
  mistakes: readonly ConfigMistake[],
  { sources }: Pick<ReadConfig, 'sources'>,
): ConfigWarning[] {
  return mistakes
    .filter(({ variable }) => {
      const isTold = sources['BASEOS_CLOUDLY_URL'] === 'unset' && settingOf(variable)?.needsCloudly === true;
      return !isTold && !variable.endsWith('_PROXY') && settingOf(variable)?.name !== 'BALENA_SUPERVISOR_API_KEY';
    })
    .map(({ message, remedy }) => ({ code: 'setting-not-needed', message: `${message} It is not used now.`, remedy }));
}

/** No mistakes: a Cloudly may have tokens of its own, and a node that is enrolled needs none of them. */
function malformedTokens({ joinToken, nodeToken }: ReadConfig): ConfigWarning[] {
  const forms = [
    ['BASEOS_JOIN_TOKEN', joinToken && tokenForm('join', joinToken.reveal())],
    ['BASEOS_NODE_TOKEN', nodeToken && tokenForm('node', nodeToken.reveal())],
  ] as const;
  return forms.flatMap(([name, form]) =>
    form?.kind === 'slip'
      ? [
          {
            code: 'token-malformed',
            message: `${name} ${form.clause}.`,
            remedy: `Set ${name} to the token as Cloudly issued it.`,
          },
        ]
      : [],
  );
}

/** Other programs may read them, so they are no mistakes. An entry may hold a password: none is quoted. */
function entriesInVain({ cloudlyProxy, noProxy = '' }: ReadConfig): ConfigWarning[] {
  return cloudlyProxy !== undefined && /[;|"'`]|\/(?!\d)/.test(noProxy)
    ? [
        {
          code: 'proxy-exception-in-vain',
          message:
            'NO_PROXY has an entry that matches nothing: it is a URL, contains quotation marks, or is not separated by a comma. ' +
            `Cloudly is reached through the proxy ${cloudlyProxy.address}.`,
          remedy: 'If you did not intend that, correct NO_PROXY.',
        },
      ]
    : [];
}

function watchdogLeftOut(config: ReadConfig): ConfigWarning[] {
  return config.watchdog === 'engine' && !isOnBalenaOs(config)
    ? [
        {
          code: 'watchdog-left-out',
          message:
            'BASEOS_WATCHDOG is engine, and this is not balenaOS: Docker and Podman report a container that is unhealthy, and do not restart it.',
          remedy: 'Set BASEOS_WATCHDOG to thread, unless something on this machine restarts unhealthy containers.',
        },
      ]
    : [];
}

function insecureHttp({ cloudlyUrl, allowInsecureHttp }: ReadConfig): ConfigWarning[] {
  return cloudlyUrl?.protocol === 'http:' && !isLoopback(cloudlyUrl) && allowInsecureHttp
    ? [
        {
          code: 'insecure-http-allowed',
          message: `Tokens are sent to ${cloudlyUrl.host} over plain http (BASEOS_ALLOW_INSECURE_HTTP), so everyone on the way can read them.`,
          remedy: 'Use an https:// URL as soon as Cloudly has one.',
        },
      ]
    : [];
}
