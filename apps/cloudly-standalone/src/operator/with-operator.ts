import { type Caller, createFleet, type Fleet, type FleetStore } from '@serve.zone/baseos-cloudly-handlers';
import type { CommandContext } from '../command/command-context.js';
import type { DatabaseFlags } from '../database/database-location.js';
import type { OpenDatabase } from '../database/open-database.js';
import { withFleetToRead, withStore } from '../database/with-store.js';
import { cliCaller } from './caller.js';
import { fleetProblem } from './fleet-problem.js';

/** The fleet of a command line, and who works on it. */
export interface Operator {
  fleet: Fleet;
  caller: Caller;
  store: FleetStore;
  database: OpenDatabase;
}

type OperatorWork<Result> = (operator: Operator) => Promise<Result>;

/**
 * The result of `work` on the fleet of a command line, with or without a running server.
 *
 * @throws UsageError for what no fleet could do, OperationError for what this one cannot.
 */
export function withOperator<Result>(
  context: CommandContext,
  flags: DatabaseFlags,
  work: OperatorWork<Result>,
): Promise<Result> {
  return withStore(context, flags, (store, database) => operate(context, { store, database }, work));
}

/** The same for work that changes nothing, which is also possible on a read-only backup. */
export function withOperatorToRead<Result>(
  context: CommandContext,
  flags: DatabaseFlags,
  work: OperatorWork<Result>,
): Promise<Result> {
  return withFleetToRead(context, flags, (store, database) => operate(context, { store, database }, work));
}

async function operate<Result>(
  { env }: CommandContext,
  opened: Pick<Operator, 'store' | 'database'>,
  work: OperatorWork<Result>,
): Promise<Result> {
  try {
    return await work({ ...opened, fleet: createFleet({ store: opened.store }), caller: cliCaller(env) });
  } catch (error) {
    throw fleetProblem(error);
  }
}
