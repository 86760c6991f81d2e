import {
  type CallerFleet,
  createEventFeed,
  createFleet,
  type FollowedEvents,
  type FollowOptions,
  fleetFor,
  type StoreWithAccounts,
} from '@serve.zone/baseos-cloudly-handlers';
import type { CommandContext } from '../command/command-context.js';
import { databaseFlags } from '../database/database-settings.js';
import type { OpenDatabase } from '../database/open-database.js';
import { withStore } from '../database/with-store.js';
import { requireDatabase } from '../remote/require-database.js';
import { type FleetFlags, findServerAccess } from '../remote/server-access.js';
import { serverFlags } from '../remote/server-settings.js';
import { withServer } from '../remote/with-server.js';
import { readSettings } from '../settings/read-settings.js';
import { webhookServices } from '../webhook-sending/webhook-services.js';
import { webhookSettings } from '../webhook-sending/webhook-settings.js';
import { cliCaller } from './caller.js';
import { fleetProblem } from './fleet-problem.js';

/** A fleet whose database this process has opened, for what no call of the fleet does. */
export interface LocalFleet extends FollowedFleet {
  store: StoreWithAccounts;
  database: OpenDatabase;
}

/** A fleet, and its events as they happen. */
export interface FollowedFleet {
  fleet: CallerFleet;
  followEvents: FollowEvents;
}

/** Events as they happen, by whichever process. The first ones are none: their place is where it begins. */
export type FollowEvents = (
  options: FollowOptions,
  /** Called once for each time in which the fleet does not answer. */
  listeners: { onTrouble: (error: Error) => void },
) => AsyncIterable<FollowedEvents>;

type FleetWork<Given, Result> = (given: Given) => Promise<Result>;

/** Where the fleet is, of every command that works on one. */
export const fleetFlags = { ...databaseFlags, ...serverFlags } as const;

/**
 * The result of `work` on the fleet of a command line: in a database, with or without a running server, or on a server.
 *
 * @throws UsageError for what no fleet could do, OperationError for what this one cannot.
 */
export function withFleet<Result>(
  context: CommandContext,
  flags: FleetFlags,
  work: FleetWork<CallerFleet, Result>,
): Promise<Result> {
  return withFollowedFleet(context, flags, 'change', ({ fleet }) => work(fleet));
}

/** The same for work that changes nothing, which is also possible on a read-only backup. */
export function withFleetToRead<Result>(
  context: CommandContext,
  flags: FleetFlags,
  work: FleetWork<CallerFleet, Result>,
): Promise<Result> {
  return withFollowedFleet(context, flags, 'read', ({ fleet }) => work(fleet));
}

/** The same, for work that follows the events of the fleet. */
export async function withFollowedFleet<Result>(
  context: CommandContext,
  flags: FleetFlags,
  use: 'change' | 'read',
  work: FleetWork<FollowedFleet, Result>,
): Promise<Result> {
  const access = findServerAccess(flags, context.env);
  if (!access) return openFleet(context, flags, use, work);
  return withServer(access, (fleet) =>
    explained(work)({
      fleet,
      followEvents: (options, listeners) => fleet.followEvents({ ...options, ...listeners }),
    }),
  );
}

/** The same for work that needs the database itself, which no server gives away. */
export async function withLocalFleet<Result>(
  context: CommandContext,
  flags: FleetFlags,
  use: 'change' | 'read',
  work: FleetWork<LocalFleet, Result>,
): Promise<Result> {
  requireDatabase(flags, context.env);
  return openFleet(context, flags, use, work);
}

function openFleet<Result>(
  context: CommandContext,
  flags: FleetFlags,
  use: 'change' | 'read',
  work: FleetWork<LocalFleet, Result>,
): Promise<Result> {
  return withStore(context, flags, use, (store, database) => {
    const webhooks = webhookServices(
      database.location,
      readSettings(webhookSettings, { args: { ...flags }, env: context.env }),
    );
    const [fleet, caller] = [createFleet({ store, webhooks }), cliCaller(context.env)];
    const followEvents: FollowEvents = (options, { onTrouble }) =>
      createEventFeed({ fleet, onNews: (onNews) => store.onNews(onNews), onTrouble }).follow(caller, options);
    return explained(work)({ fleet: fleetFor(fleet, caller), followEvents, store, database });
  });
}

/** The same work, with the errors of the fleet as an operator reads them. */
export function explained<Given, Result>(work: FleetWork<Given, Result>): FleetWork<Given, Result> {
  return async (given) => {
    try {
      return await work(given);
    } catch (error) {
      throw fleetProblem(error);
    }
  };
}
