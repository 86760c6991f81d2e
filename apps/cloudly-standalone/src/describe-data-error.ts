import { userInfo } from 'node:os';

/** What an operator can do about data that cannot be opened; `undefined` for an error of any other kind. */
export function describeDataError(error: unknown, databasePath: string): string | undefined {
  const text = textOf(error);
  if (/file is not a database/.test(text)) {
    return `${databasePath} holds something else than the data of a Cloudly. Move it away, or name another folder with --data.`;
  }
  if (/\b(EACCES|EPERM|EROFS)\b|readonly database/.test(text)) {
    return (
      `${text}. ${currentUser()} must be able to read and write ${databasePath} and its folder: run as the user that they ` +
      'belong to, give them to this one (chown), or name another folder with --data.'
    );
  }
  return undefined;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A user of a container may have no name. */
function currentUser(): string {
  const id = process.getuid?.();
  try {
    return `The user ${userInfo().username}${id === undefined ? '' : ` (${id})`}`;
  } catch {
    return `The user ${id}`;
  }
}
