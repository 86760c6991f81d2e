import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { report } from '../command/report.js';
import { jsonFlag, writeJson } from '../output/write-json.js';
import { findWebhook, webhookFlag } from '../webhooks/find-webhook.js';
import { viewDelivery } from '../webhooks/webhook-view.js';
import { webhookFleetFlags, withWebhooks } from '../webhooks/with-webhooks.js';

const flags = {
  webhook: webhookFlag,
  delivery: {
    type: 'positional',
    required: true,
    called: 'a delivery',
    description: 'The ID of the delivery, as in `webhook deliveries`',
  },
  json: jsonFlag,
  ...webhookFleetFlags,
} as const;

export function webhookResendCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'resend', description: 'Send a delivery again, with all attempts before it' },
    args: flags,
    run: ({ args: { webhook: typed, delivery: deliveryId, json, ...args } }) =>
      withWebhooks(context, args, async (fleet) => {
        const { id, disabled } = await findWebhook(fleet, typed);
        const delivery = await fleet.resendDelivery(id, deliveryId);
        const when = disabled ? 'once the webhook is enabled' : 'by the server, as soon as it runs';
        report(context, `Delivery ${deliveryId} is sent again ${when}.`);
        if (json) writeJson(context.stdout, viewDelivery(delivery));
      }),
  });
}
