import { userInfo } from 'node:os';
import process from 'node:process';
import type { Caller } from '@serve.zone/baseos-cloudly-handlers';

/** The user of this machine who runs a command: whoever can open the database may do everything. */
export function cliCaller(env: Readonly<Record<string, string | undefined>>): Caller {
  return { actor: `cli:${userName(env, process.getuid?.(), () => userInfo().username)}`, role: 'admin' };
}

/**
 * Behind sudo, the user who called it. A user of a container may have no name.
 *
 * @param userId none on systems without such IDs
 */
export function userName(
  { SUDO_USER: behindSudo }: Readonly<Record<string, string | undefined>>,
  userId: number | undefined,
  readName: () => string,
): string {
  if (userId === ROOT && behindSudo) return behindSudo;
  try {
    return readName();
  } catch {
    return userId === undefined ? 'unknown' : String(userId);
  }
}

const ROOT = 0;
