import type { CommandContext } from '../command/command-context.js';
import { report } from '../command/report.js';
import { databaseLocation } from '../database/database-location.js';
import { type FleetFlags, findServerAccess } from '../remote/server-access.js';
import { readServerAddress } from '../single-server/server-address.js';

/** A command line only writes down what a rollout is to do. Says so where no server may be there that does it. */
export async function sayWhoCarriesOut(context: CommandContext, flags: FleetFlags): Promise<void> {
  if (findServerAccess(flags, context.env)) return;
  const location = databaseLocation(flags, context.env);
  if (location.kind === 'postgres') return report(context, 'A server on this database carries it out.');
  if ((await readServerAddress(location.path)) !== undefined) return;
  report(context, 'No server runs on this data. A server carries the rollout out: start one with `serve`.');
}
