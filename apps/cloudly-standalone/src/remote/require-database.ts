import { UsageError } from '@serve.zone/baseos-command-line';
import { databaseFlags } from '../database/database-settings.js';
import type { Given } from '../settings/read-settings.js';
import { type FleetFlags, findServerUrl } from './server-access.js';
import { serverFlags } from './server-settings.js';

/** Of a command that works on the database itself. `--server` is only there to be refused with its reason. */
export const databaseOnlyFlags = {
  ...databaseFlags,
  server: { ...serverFlags.server, isHidden: true },
} as const;

/** @throws UsageError if the fleet of a command line is on a server. */
export function requireDatabase(flags: FleetFlags, env: Given['env']): void {
  if (findServerUrl(flags, env) === undefined) return;
  const named = flags.server === undefined ? 'CLOUDLY_SERVER names a server, but this' : 'This';
  throw new UsageError(
    `${named} command works on the database itself. Run it on a machine that has the database, with --data or --database.`,
  );
}
