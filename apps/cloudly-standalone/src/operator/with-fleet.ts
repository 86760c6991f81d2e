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
import type { DatabaseFlags } from '../database/database-location.js';
import type { OpenDatabase } from '../database/open-database.js';
import { withStore, withStoreToRead } from '../database/with-store.js';
import { cliCaller } from './caller.js';
import { fleetProblem } from './fleet-problem.js';

/** A fleet whose database this process has opened, for what no call of the fleet does. */
export interface LocalFleet {
  fleet: CallerFleet;
  store: StoreWithAccounts;
  database: OpenDatabase;
  followEvents: FollowEvents;
}

/** Events as they happen, by whichever process. The first ones are none: their place is where it begins. */
export type FollowEvents = (
  options: FollowOptions,
  /** Called once for each time in which the fleet does not answer. */
  listeners: { onTrouble: (error: Error) => void },
) => AsyncIterable<FollowedEvents>;

type FleetWork<Given, Result> = (given: Given) => Promise<Result>;

/**
 * The result of `work` on the fleet of a command line, with or without a running server.
 *
 * @throws UsageError for what no fleet could do, OperationError for what this one cannot.
 */
export function withFleet<Result>(
  context: CommandContext,
  flags: DatabaseFlags,
  work: FleetWork<CallerFleet, Result>,
): Promise<Result> {
  return withLocalFleet(context, flags, ({ fleet }) => work(fleet));
}

/** The same for work that changes nothing, which is also possible on a read-only backup. */
export function withFleetToRead<Result>(
  context: CommandContext,
  flags: DatabaseFlags,
  work: FleetWork<CallerFleet, Result>,
): Promise<Result> {
  return withLocalFleetToRead(context, flags, ({ fleet }) => work(fleet));
}

/** The same as `withFleet`, for work that needs the database itself. */
export function withLocalFleet<Result>(
  context: CommandContext,
  flags: DatabaseFlags,
  work: FleetWork<LocalFleet, Result>,
): Promise<Result> {
  return withStore(context, flags, (store, database) => operate(context, { store, database }, work));
}

/** The same as `withFleetToRead`, for work that needs the database itself. */
export function withLocalFleetToRead<Result>(
  context: CommandContext,
  flags: DatabaseFlags,
  work: FleetWork<LocalFleet, Result>,
): Promise<Result> {
  return withStoreToRead(context, flags, (store, database) => operate(context, { store, database }, work));
}

async function operate<Result>(
  { env }: CommandContext,
  opened: Pick<LocalFleet, 'store' | 'database'>,
  work: FleetWork<LocalFleet, Result>,
): Promise<Result> {
  const { store } = opened;
  const [fleet, caller] = [createFleet({ store }), cliCaller(env)];
  const followEvents: FollowEvents = (options, { onTrouble }) =>
    createEventFeed({ fleet, onNews: (onNews) => store.onNews(onNews), onTrouble }).follow(caller, options);
  try {
    return await work({ ...opened, fleet: fleetFor(fleet, caller), followEvents });
  } catch (error) {
    throw fleetProblem(error);
  }
}
