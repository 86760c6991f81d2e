import type { FleetStore } from '@serve.zone/baseos-cloudly-handlers';
import { type CommandContext, OperationError } from '../command-context.js';
import { type DatabaseFlags, databaseLocation } from './database-location.js';
import { describeDatabaseError } from './describe-database-error.js';
import { type OpenDatabase, openDatabase } from './open-database.js';

/**
 * What `work` gives on the fleet that a command line means, beside a running server or without one.
 *
 * @throws OperationError where there is none: a new, empty fleet would hide a mistyped name.
 */
export async function withStore<Result>(
  { env }: CommandContext,
  flags: DatabaseFlags,
  work: (store: FleetStore, database: OpenDatabase) => Promise<Result>,
): Promise<Result> {
  const location = databaseLocation(flags, env);
  try {
    const database = await openDatabase(location, { create: false });
    try {
      return await work(database.store, database);
    } finally {
      await database.close();
    }
  } catch (error) {
    const described = describeDatabaseError(error, location);
    throw described === undefined ? error : new OperationError(described);
  }
}
