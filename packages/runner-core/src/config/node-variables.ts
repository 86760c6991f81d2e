import type { Environment } from './environment-reader.js';

/**
 * The effects that variables of Node itself have on an agent, where a fleet sets them for other programs. Only those
 * that cost secrets or the agent itself: a CA in NODE_EXTRA_CA_CERTS, say, is trusted as meant.
 */
export function nodeVariableWarnings(environment: Environment): string[] {
  return [
    ...(environment['NODE_TLS_REJECT_UNAUTHORIZED'] === '0'
      ? [
          'NODE_TLS_REJECT_UNAUTHORIZED=0 stops programs on Node from verifying certificates. The baserunner command verifies ' +
            'them anyway. Remove the variable; if Cloudly has a private CA, set BASEOS_CA_FILE.',
        ]
      : []),
    ...set(environment, 'NODE_OPTIONS').map(
      (name) =>
        `${name} applies to the agent too: code that it loads can read every secret, and a mistake in it keeps the agent from ` +
        'starting. Remove it from the environment of this service.',
    ),
    ...set(environment, 'NODE_DEBUG', 'NODE_DEBUG_NATIVE', 'SSLKEYLOGFILE').map(
      (name) =>
        `${name} makes the runtime write down what the agent sends, which may include tokens and keys. Remove it from the ` +
        'environment of this service, and rotate what a log already holds.',
    ),
  ];
}

function set(environment: Environment, ...names: readonly string[]): string[] {
  return names.filter((name) => (environment[name] ?? '').trim() !== '');
}
