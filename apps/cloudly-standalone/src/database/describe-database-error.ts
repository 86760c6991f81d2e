import { userInfo } from 'node:os';
import { isFleetStoreError } from '@serve.zone/baseos-cloudly-handlers';
import type { DatabaseLocation } from './database-location.js';

/**
 * What was wrong with a database and what an operator can do about it; `undefined` for an error of any other kind. It holds
 * no password.
 */
export function describeDatabaseError(error: unknown, location: DatabaseLocation): string | undefined {
  const remedy = location.kind === 'sqlite' ? sqliteRemedy(error, location.path) : postgresRemedy(error);
  if (remedy !== undefined) return `${textOf(error)}. ${remedy}`;
  return isFleetStoreError(error) ? textOf(error) : undefined;
}

function sqliteRemedy(error: unknown, path: string): string | undefined {
  const text = textOf(error);
  if (isFleetStoreError(error) && error.code === 'database-missing') {
    return 'Name the data of your server with --data or --database, or start one with `serve` first.';
  }
  if (/file is not a database|data of another program/.test(text)) {
    return `${path} holds something else than the data of a Cloudly. Move it away, or name another folder with --data.`;
  }
  if (/\b(EACCES|EPERM|EROFS)\b|readonly database/.test(text)) {
    return (
      `${currentUser()} must be able to read and write ${path} and its folder: run as the user that they belong to, give ` +
      'them to this one (chown), or name another folder with --data.'
    );
  }
  return undefined;
}

function postgresRemedy(error: unknown): string | undefined {
  if (!isFleetStoreError(error)) return undefined;
  if (error.code === 'database-unreachable')
    return 'See that PostgreSQL runs there and that this machine may reach it.';
  if (error.code === 'database-missing') {
    return 'Name the database of your server with --database, or start one with `serve` first.';
  }
  if (/data of another program/.test(error.message)) return 'Give the fleet a database of its own.';
  return remediesBySqlState[sqlStateOf(error)];
}

/** See https://www.postgresql.org/docs/current/errcodes-appendix.html. Messages come in the server's language. */
const remediesBySqlState: Readonly<Record<string, string>> = {
  '28000': 'Let this user in from here in the pg_hba.conf of PostgreSQL, or name another one in the URL.',
  '28P01':
    'Correct the password: in PGPASSWORD, in the URL in CLOUDLY_DATABASE_URL, or in CLOUDLY_DATABASE_PASSWORD_FILE.',
  '3D000': 'Make it first (`createdb`, encoding UTF8), or name another one in the URL.',
  '42501':
    'As its owner, let the user make a schema (GRANT CREATE ON DATABASE ... TO ...), or name another user in the URL.',
};

function sqlStateOf(error: Error): string {
  const { code } = (error.cause ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : '';
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
