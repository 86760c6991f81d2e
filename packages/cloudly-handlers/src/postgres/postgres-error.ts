import pg from 'pg';
import { FleetStoreError, type FleetStoreErrorCode, isFleetStoreError } from '../fleet-store-error.js';

/** What an error of the driver comes to. One that tells of neither the connection nor the database as a whole stays as it is. */
export const storeErrorOf = (error: unknown, location: string): unknown => {
  if (!(error instanceof Error) || error instanceof TypeError || isFleetStoreError(error)) return error;
  const code = error instanceof pg.DatabaseError ? codeOf(error.code ?? '') : 'database-unreachable';
  return code
    ? new FleetStoreError(code, `${meanings[code]} (${location}): ${error.message}`, { cause: error })
    : error;
};

/** Whatever goes wrong before a database is open makes it unusable, unless it is unreachable. */
export const openingErrorOf = (error: unknown, location: string): unknown => {
  const told = storeErrorOf(error, location);
  if (!(told instanceof pg.DatabaseError)) return told;
  return new FleetStoreError('database-unusable', `${meanings['database-unusable']} (${location}): ${told.message}`, {
    cause: error,
  });
};

const meanings = {
  'database-unreachable': 'The database cannot be reached, or the connection to it was lost',
  'database-unusable': 'The database cannot be used',
  contention: 'The database has waited too long for others',
} as const satisfies Partial<Record<FleetStoreErrorCode, string>>;

/** By SQLSTATE, see https://www.postgresql.org/docs/current/errcodes-appendix.html. */
const codeOf = (sqlState: string): keyof typeof meanings | undefined => {
  if (connectionStates.test(sqlState)) return 'database-unreachable';
  if (waitingStates.test(sqlState)) return 'contention';
  return unusableStates.test(sqlState) ? 'database-unusable' : undefined;
};

/** Connection exceptions; a server that shuts down, starts, or has no connection left; a replica, which takes no writes. */
const connectionStates = /^(?:08...|57P0[1235]|53300|25006)$/;

/** Serialization failure, deadlock, a lock or a statement that took too long. */
const waitingStates = /^(?:40001|40P01|55P03|57014)$/;

/** Refused users, no such database, no privilege, no such schema or table. */
const unusableStates = /^(?:28...|3D000|42501|3F000|42P01)$/;
