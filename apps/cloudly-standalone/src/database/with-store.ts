import type { StoreWithAccounts } from '@serve.zone/baseos-cloudly-handlers';
import { type CommandContext, OperationError } from '../command/command-context.js';
import { type DatabaseFlags, databaseLocation } from './database-location.js';
import { describeDatabaseError } from './describe-database-error.js';
import { type FleetUse, type OpenDatabase, openDatabase } from './open-database.js';

type FleetWork<Result> = (store: StoreWithAccounts, database: OpenDatabase) => Promise<Result>;

/**
 * The result of `work` on the fleet of a command line, with or without a running server.
 *
 * @param use `read` is also possible on a read-only backup.
 * @throws OperationError if there is none: a new, empty fleet would hide a typo in the name.
 */
export async function withStore<Result>(
  { env }: CommandContext,
  flags: DatabaseFlags,
  use: Exclude<FleetUse, 'serve'>,
  work: FleetWork<Result>,
): Promise<Result> {
  const location = databaseLocation(flags, env);
  try {
    const database = await openDatabase(location, { use });
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
