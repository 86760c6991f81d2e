import type { CommandContext } from '../command/command-context.js';
import { OperationError } from '../command/command-context.js';
import { readSecretFile } from '../flags/read-secret-file.js';
import { readLine } from '../command/read-line.js';

/**
 * The password that somebody chooses: from a file, or typed twice.
 *
 * @throws UsageError if there is neither a file nor somebody to ask; OperationError if the two differ.
 */
export async function readNewPassword({ terminal }: CommandContext, path: string | undefined): Promise<string> {
  if (path !== undefined) return readSecretFile('--password-file', path, 'password');
  const remedy = 'Give a file that contains only your password, with --password-file.';
  const password = await readLine(terminal.askSecret, 'Your new password: ', remedy);
  if ((await readLine(terminal.askSecret, 'The same again: ', remedy)) === password) return password;
  throw new OperationError('The two passwords differ. Nothing has changed.');
}
