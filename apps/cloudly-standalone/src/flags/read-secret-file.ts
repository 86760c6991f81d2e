import { isAbsolute } from 'node:path';
import { readTextFile, UsageError } from '@serve.zone/baseos-command-line';

/**
 * The secret that a file contains alone, as orchestrators provide it.
 *
 * @param secret what it is, in a word
 * @throws UsageError that names the setting, and not the secret.
 */
export function readSecretFile(name: string, path: string, secret: string): string {
  let text: string;
  try {
    text = readTextFile(path).replace(/\r?\n$/, '');
  } catch (error) {
    throw new UsageError(
      `${name} cannot be read: ${describeUnreadable(error as NodeJS.ErrnoException, path, secret)}.`,
    );
  }
  if (text === '') throw new UsageError(`${name} names an empty file. Write the ${secret} to the file.`);
  return text;
}

/** A message of the system repeats the path, and somebody may have put the secret itself there. */
function describeUnreadable({ code, message }: NodeJS.ErrnoException, path: string, secret: string): string {
  if (code === undefined || isAbsolute(path)) return message;
  return `${code}. It must be the path of a file. Its value is not shown, because it may be the ${secret} itself`;
}
