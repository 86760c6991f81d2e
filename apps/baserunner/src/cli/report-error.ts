import type { ExitCode } from '@serve.zone/baseos-command-line';
import { isBaseRunnerError, variables } from '@serve.zone/baseos-runner-core';
import type { CommandContext } from './command-context.js';
import { createConsoleLogger } from '../log/console-logger.js';
import { logFormatOf } from '../log/log-format-of.js';
import { writeMistakes } from './write-mistakes.js';

/** Reports why a command failed, and returns the exit code for it. */
export function reportError(error: unknown, context: Pick<CommandContext, 'env' | 'stderr'>): ExitCode {
  if (isBaseRunnerError(error) && error.code === 'invalid-configuration') {
    writeMistakes(error, context);
    return 2;
  }
  logUnexpected(error, context);
  return 1;
}

/**
 * A defect, or a failure that no part foresaw. It is not known what its message quotes, so everything that looks like a
 * secret is removed; a bug report needs the places in the code.
 */
function logUnexpected(error: unknown, { env, stderr }: Pick<CommandContext, 'env' | 'stderr'>): void {
  const logger = createConsoleLogger({
    stream: stderr,
    format: logFormatOf(env),
  });
  if (!(error instanceof Error)) return logger.error(`Unexpected error: a thrown ${typeof error}.`);
  const stack = error.stack?.split('\n').filter((line) => line.startsWith('    at ')) ?? [];
  logger.error(`Unexpected error: ${error.name}: ${withoutSecrets(error.message, env)}`, {
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    stack: stack.map((line) => line.trim()),
  });
}

const secretVariables = variables
  .filter(({ secret }) => secret)
  .flatMap(({ name, formerName }) => (formerName === undefined ? [name] : [name, formerName]));

const proxyVariables = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'];

/**
 * A proxy's URL may have a user name and a password in it, of any length, and a message may contain the password alone.
 */
function proxySecrets(env: CommandContext['env']): string[] {
  return proxyVariables.flatMap((name) => {
    const [, credentials = ''] = /^(?:\w+:\/\/)?([^/]*)@/.exec(env[name] ?? '') ?? [];
    const password = credentials.replace(/^[^:]*:/, '');
    return [credentials, password].filter((text) => text !== '');
  });
}

/** Tokens and keys are long runs of letters and digits; those of the environment are known, whatever they look like. */
function withoutSecrets(text: string, env: CommandContext['env']): string {
  const values = secretVariables.map((name) => env[name]?.trim() ?? '').filter((value) => value !== '');
  const known = [...values, ...proxySecrets(env)];
  return known
    .reduce((rest, value) => rest.replaceAll(value, '[redacted]'), text)
    .replaceAll(/[\w.~+=-]{24,}/g, '[redacted]');
}
