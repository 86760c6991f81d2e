import type { Caller } from '@serve.zone/baseos-cloudly-handlers';
import type { CallerOperators } from '@serve.zone/baseos-fleet-api';
import { type AccountAdministration, createAccountAdministration } from '../accounts/create-operators.js';
import type { InvitationContext } from '../accounts/calls/invitation-calls.js';
import type { CommandContext } from '../command/command-context.js';
import { type FleetFlags, findServerAccess } from '../remote/server-access.js';
import { withServer } from '../remote/with-server.js';
import { cliCaller } from './caller.js';
import { explained, withLocalFleet } from './with-fleet.js';

/** What a command does with operators and API tokens. */
export type CallerAccounts = Pick<CallerOperators, keyof AccountAdministration>;

/**
 * The result of `work` on the accounts of a command line: in a database, with or without a running server, or on a server.
 *
 * @param publicUrl where the links of invitations lead; asked for when a database has made one
 * @throws UsageError for what no fleet could do, OperationError for what this one cannot.
 */
export async function withAccounts<Result>(
  context: CommandContext,
  flags: FleetFlags,
  work: (accounts: CallerAccounts) => Promise<Result>,
  publicUrl: () => string = noLinks,
): Promise<Result> {
  const access = findServerAccess(flags, context.env);
  if (access) return withServer(access, explained(work));
  return withLocalFleet(context, flags, 'change', ({ store }) =>
    work(accountsFor(cliCaller(context.env), { store: store.accounts, now: Date.now, publicUrl })),
  );
}

/** The accounts for one caller. */
function accountsFor(caller: Caller, context: InvitationContext): CallerAccounts {
  const calls = Object.entries(createAccountAdministration(context)).map(([name, call]) => [
    name,
    (...rest: unknown[]) => (call as (...args: unknown[]) => unknown)(caller, ...rest),
  ]);
  return Object.fromEntries(calls) as CallerAccounts;
}

function noLinks(): never {
  throw new TypeError('This command makes no links');
}
