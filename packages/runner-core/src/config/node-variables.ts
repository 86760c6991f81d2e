import type { ConfigWarning } from './config-warning.js';
import type { Environment } from './environment-reader.js';

/**
 * The effects that variables of Node itself have on an agent, where a fleet sets them for other programs. Only those
 * that cost secrets or the agent itself: a CA in NODE_EXTRA_CA_CERTS, say, is trusted as meant.
 */
export function nodeVariableWarnings(environment: Environment): ConfigWarning[] {
  return [
    ...(environment['NODE_TLS_REJECT_UNAUTHORIZED'] === '0'
      ? [
          {
            code: 'node-verifies-nothing' as const,
            message:
              'NODE_TLS_REJECT_UNAUTHORIZED=0 stops programs on Node from verifying certificates. The baserunner command verifies ' +
              'them anyway.',
            remedy: 'Remove NODE_TLS_REJECT_UNAUTHORIZED; if Cloudly has a private CA, set BASEOS_CA_FILE.',
          },
        ]
      : []),
    ...set(environment, 'NODE_OPTIONS').map((name) => ({
      code: 'node-loads-code' as const,
      message:
        `${name} applies to the agent too: code that it loads can read every secret, and a mistake in it keeps the agent from ` +
        'starting.',
      remedy: `Remove ${name} from the environment of this service.`,
    })),
    ...set(environment, 'NODE_DEBUG', 'NODE_DEBUG_NATIVE', 'SSLKEYLOGFILE').map((name) => ({
      code: 'node-writes-secrets' as const,
      message: `${name} makes the runtime write down what the agent sends, which may include tokens and keys.`,
      remedy: `Remove ${name} from the environment of this service, and rotate what a log already holds.`,
    })),
  ];
}

function set(environment: Environment, ...names: readonly string[]): string[] {
  return names.filter((name) => (environment[name] ?? '').trim() !== '');
}
