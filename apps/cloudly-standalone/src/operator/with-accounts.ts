import type { Caller } from '@serve.zone/baseos-cloudly-handlers';
import type { CallerOperators, OfferedInvitation } from '@serve.zone/baseos-fleet-api';
import { UsageError } from '@serve.zone/baseos-command-line';
import { type InvitationContext, inviteFirst } from '../accounts/calls/invitation-calls.js';
import { type AccountAdministration, createAccountAdministration } from '../accounts/create-operators.js';
import { isLiveOperator } from '../accounts/decisions/lapses.js';
import { type CommandContext, OperationError } from '../command/command-context.js';
import { requireDatabase } from '../remote/require-database.js';
import { type FleetFlags, findServerAccess, findServerUrl } from '../remote/server-access.js';
import { withServer } from '../remote/with-server.js';
import { cliCaller } from './caller.js';
import { explained, withLocalFleet } from './with-fleet.js';

/** What a command does with operators and API tokens. */
export type CallerAccounts = Pick<CallerOperators, keyof AccountAdministration>;

type AccountWork<Result> = (accounts: CallerAccounts) => Promise<Result>;

/**
 * The result of `work` on the accounts of a command line: in a database, with or without a running server, or on a server.
 *
 * @throws UsageError for what no fleet could do, OperationError for what this one cannot.
 */
export function withAccounts<Result>(
  context: CommandContext,
  flags: FleetFlags,
  work: AccountWork<Result>,
): Promise<Result> {
  return openAccounts(context, flags, { use: 'change', linkUrl: noLinks }, work);
}

/** The same for work that changes nothing, which is also possible on a read-only backup. */
export function withAccountsToRead<Result>(
  context: CommandContext,
  flags: FleetFlags,
  work: AccountWork<Result>,
): Promise<Result> {
  return openAccounts(context, flags, { use: 'read', linkUrl: noLinks }, work);
}

/**
 * The same as `withAccounts` for work that makes links.
 *
 * @param linkUrl where they lead; a server knows that itself
 */
export async function withInvitations<Result>(
  context: CommandContext,
  flags: FleetFlags & { url?: string | undefined },
  linkUrl: () => Promise<string>,
  work: AccountWork<Result>,
): Promise<Result> {
  if (flags.url !== undefined && findServerUrl(flags, context.env) !== undefined) {
    throw new UsageError('--url is for a fleet in a database: a server knows where its links lead.');
  }
  return openAccounts(context, flags, { use: 'change', linkUrl }, work);
}

/**
 * A link by which somebody becomes the first operator. Only whoever has the database makes one: no server lets anybody do so.
 *
 * @throws OperationError if there is an operator
 */
export async function inviteFirstOperator(
  context: CommandContext,
  flags: FleetFlags,
  { linkUrl, expiresInMs }: { linkUrl: () => Promise<string>; expiresInMs: number },
): Promise<OfferedInvitation> {
  requireDatabase(flags, context.env);
  const url = await linkUrl();
  return withLocalFleet(context, flags, 'change', async ({ store: { accounts } }) => {
    if ((await accounts.read()).operators.some(isLiveOperator)) throw new OperationError(thereIsOne);
    const invitations = { store: accounts, now: Date.now, publicUrl: () => url };
    return inviteFirst(invitations, cliCaller(context.env), { expiresInMs });
  });
}

const thereIsOne = 'There is an operator already. Give the name of the one whom you invite, and --role.';

async function openAccounts<Result>(
  context: CommandContext,
  flags: FleetFlags,
  { use, linkUrl }: { use: 'change' | 'read'; linkUrl: () => Promise<string> },
  work: AccountWork<Result>,
): Promise<Result> {
  const access = findServerAccess(flags, context.env);
  if (access) return withServer(access, explained(work));
  const url = await linkUrl();
  return withLocalFleet(context, flags, use, ({ store }) =>
    work(accountsFor(cliCaller(context.env), { store: store.accounts, now: Date.now, publicUrl: () => url })),
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

/** Of a command that makes none. */
async function noLinks(): Promise<string> {
  return '';
}
