import pg from 'pg';
import { FleetStoreError, type FleetStoreErrorCode, isFleetStoreError } from '../../../fleet/fleet-store-error.js';
import { postgresProblemOf, reasonOf } from './postgres-problem.js';

/** What an error of the driver comes to. One that tells of neither the connection nor the database as a whole stays as it is. */
export function storeErrorOf(error: unknown, location: string): unknown {
  if (!(error instanceof Error) || error instanceof TypeError || isFleetStoreError(error)) return error;
  const code = codeOf(error);
  return code ? storeError(code, error, location) : error;
}

/** Whatever goes wrong before a database is open makes it unusable, unless it is unreachable. */
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
  contention: 'The database has waited too long for others',
} as const satisfies Partial<Record<FleetStoreErrorCode, string>>;

function codeOf(error: Error): keyof typeof meanings | undefined {
  switch (postgresProblemOf(error)) {
    // It is there, and will not let us in before somebody changes something.
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

/** Otherwise refused users, no such schema or table. See https://www.postgresql.org/docs/current/errcodes-appendix.html. */
const unusableStates = /^(?:28...|3F000|42P01)$/;
