import { userInfo } from 'node:os';
import { isFleetStoreError } from '@serve.zone/baseos-cloudly-handlers';
import { postgresProblemOf } from '@serve.zone/baseos-cloudly-handlers/postgres';
import type { DatabaseLocation } from './database-location.js';
import { postgresRemedies } from './postgres-remedies.js';

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
    return 'Name the data of your server with --data or --database, or start a server with `serve` first.';
  }
  if (/file is not a database|data of another program/.test(text)) {
    return `${path} does not contain the data of a Cloudly. Move it away, or choose another folder with --data.`;
  }
  if (/\b(EACCES|EPERM|EROFS)\b|readonly database/.test(text)) {
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
  if (/data of another program/.test(error.message)) return 'Use a separate database for the fleet.';
  const problem = postgresProblemOf(error);
  if (problem !== undefined) return postgresRemedies[problem];
  return error.code === 'database-unreachable' ? postgresRemedies.silent : undefined;
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
