import pg from 'pg';
import { FleetStoreError, type FleetStoreErrorCode, isFleetStoreError } from '../../../fleet/fleet-store-error.js';
import { OldReadingError } from '../../records/old-reading-error.js';
import { postgresProblemOf, reasonOf } from './postgres-problem.js';

/** The store's error for an error of the driver that is about the connection or the whole database. Any other is returned. */
export function storeErrorOf(error: unknown, location: string): unknown {
  if (!(error instanceof Error) || error instanceof TypeError || error instanceof OldReadingError) return error;
  if (isFleetStoreError(error)) return error;
  const code = codeOf(error);
  return code ? storeError(code, error, location) : error;
}

/** An error before the database is open means that it is unusable, or unreachable. */
export function openingErrorOf(error: unknown, location: string): unknown {
  const told = storeErrorOf(error, location);
  return told instanceof pg.DatabaseError ? storeError('database-unusable', told, location) : told;
}

function storeError(code: keyof typeof meanings, error: Error, location: string): FleetStoreError {
  return new FleetStoreError(code, `${meanings[code]} (${location}): ${reasonOf(error)}`, { cause: error });
}

const meanings = {
  'database-unreachable': 'The database cannot be reached, or the connection to it was lost',
  'database-unusable': 'The database cannot be used',
  contention: 'Another transaction held the database for too long',
} as const satisfies Partial<Record<FleetStoreErrorCode, string>>;

function codeOf(error: Error): keyof typeof meanings | undefined {
  switch (postgresProblemOf(error)) {
    // The server answers, but an operator must change something first.
    case 'no-password':
    case 'wrong-password':
    case 'user-refused':
    case 'unknown-authentication':
    case 'not-postgres':
    case 'no-database':
    case 'not-permitted':
    case 'disk-full':
    case 'out-of-memory':
    case 'storage-failed':
    case 'pooled':
      return 'database-unusable';
    case undefined:
      if (!(error instanceof pg.DatabaseError)) return 'database-unreachable';
      if (waitingStates.test(error.code ?? '')) return 'contention';
      return unusableStates.test(error.code ?? '') ? 'database-unusable' : undefined;
    default:
      return 'database-unreachable';
  }
}

/** Serialization failure, deadlock, a lock or a statement that took too long. */
const waitingStates = /^(?:40001|40P01|55P03|57014)$/;

/** Whether the server has ended a statement, and undone it, because it and another one waited for each other. */
export function isDeadlock(error: unknown): boolean {
  return isFleetStoreError(error) && error.cause instanceof pg.DatabaseError && error.cause.code === '40P01';
}

/** Otherwise refused users, no such schema or table. See https://www.postgresql.org/docs/current/errcodes-appendix.html. */
const unusableStates = /^(?:28...|3F000|42P01)$/;
