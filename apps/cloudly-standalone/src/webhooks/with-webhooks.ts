import type { CallerFleet } from '@serve.zone/baseos-cloudly-handlers';
import { UsageError } from '@serve.zone/baseos-command-line';
import type { CommandContext } from '../command/command-context.js';
import { fleetFlags, withFleet } from '../operator/with-fleet.js';
import { type FleetFlags, findServerUrl } from '../remote/server-access.js';
import { webhookFlags } from '../webhook-sending/webhook-settings.js';

/** Where the fleet is, and what it takes to send its webhooks. */
export const webhookFleetFlags = { ...fleetFlags, ...webhookFlags } as const;

interface WebhookFlags extends FleetFlags {
  'secret-key-file'?: string | undefined;
  'webhook-networks'?: string | undefined;
}

/** Like `withFleet`, for work that shows a secret or sends something. A server has settings of its own for that. */
export async function withWebhooks<Result>(
  context: CommandContext,
  flags: WebhookFlags,
  work: (fleet: CallerFleet) => Promise<Result>,
): Promise<Result> {
  const own = (['secret-key-file', 'webhook-networks'] as const).find((flag) => flags[flag] !== undefined);
  if (own !== undefined && findServerUrl(flags, context.env) !== undefined) {
    throw new UsageError(`--${own} is for a fleet in a database. A server has its own.`);
  }
  return withFleet(context, flags, work);
}
