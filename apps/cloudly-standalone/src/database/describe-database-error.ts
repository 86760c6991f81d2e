import { userInfo } from 'node:os';
import { isFleetStoreError } from '@serve.zone/baseos-cloudly-handlers';
import { postgresProblemOf } from '@serve.zone/baseos-cloudly-handlers/postgres';
import type { DatabaseLocation } from './database-location.js';
import { postgresRemedies } from './postgres-remedies.js';

/**
 * What is wrong with a database and what an operator can do about it; `undefined` for an error of any other kind. It
 * contains no password.
 */
export function describeDatabaseError(error: unknown, location: DatabaseLocation): string | undefined {
  const ofServer = location.kind === 'sqlite' ? sqliteRemedy(error, location.path) : postgresRemedy(error);
  const remedy = ofServer ?? (isFleetStoreError(error) ? error.remedy : undefined);
  if (remedy !== undefined) return `${textOf(error)}. ${remedy}`;
  return isFleetStoreError(error) ? textOf(error) : undefined;
}

function sqliteRemedy(error: unknown, path: string): string | undefined {
  if (isFleetStoreError(error) && error.code === 'database-missing') {
    return 'Name the data of your server with --data or --database, or start a server with `serve` first.';
  }
  if (isFleetStoreError(error) && error.code === 'database-foreign') {
    return `${path} does not contain the data of a Cloudly. Move it away, or choose another folder with --data.`;
  }
  if (isNotPermitted(error)) {
    return (
      `${currentUser()} needs read and write access to ${path} and its folder. Run as their owner, change the ` +
      'owner (chown), or choose another folder with --data.'
    );
  }
  return undefined;
}

function postgresRemedy(error: unknown): string | undefined {
  if (!isFleetStoreError(error)) return undefined;
  if (error.code === 'database-missing') {
    return 'Name the database of your server with --database, or start a server with `serve` first.';
  }
  if (error.code === 'database-foreign') return 'Use a separate database for the fleet.';
  const problem = postgresProblemOf(error);
  if (problem !== undefined) return postgresRemedies[problem];
  return error.code === 'database-unreachable' ? postgresRemedies.silent : undefined;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** By the code of Node or of SQLite, which may be the cause of a store's error. */
function isNotPermitted(error: unknown): boolean {
  const causes = error instanceof Error ? [error, error.cause] : [error];
  return causes.some((cause) => {
    const { code, errcode } = (cause ?? {}) as { code?: unknown; errcode?: unknown };
    return notPermittedCodes.has(String(code)) || (typeof errcode === 'number' && (errcode & 0xff) === SQLITE_READONLY);
  });
}

const notPermittedCodes: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS']);

/** SQLite's primary result code (https://www.sqlite.org/rescode.html). */
const SQLITE_READONLY = 8;

/** A user of a container may have no name. */
function currentUser(): string {
  const id = process.getuid?.();
  try {
    return `The user ${userInfo().username}${id === undefined ? '' : ` (${id})`}`;
  } catch {
    return `The user ${id}`;
  }
}
