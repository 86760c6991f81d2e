import { Program } from '@serve.zone/baseos-testing/processes/program';

/** How many files and connections such a program may have open. */
export const FILES_MAX = 100;

/**
 * Starts a program that listens, in a process of its own, so that what nobody catches in it ends it.
 *
 * @param env all of its environment
 */
export function startLimited(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Program {
  return new Program(argv, { env, enter: ['/bin/sh', '-c', `ulimit -n ${FILES_MAX} && exec "$0" "$@"`] });
}
