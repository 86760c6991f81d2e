import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { report } from '../command/report.js';
import { jsonFlag, writeJson } from '../output/write-json.js';
import { findWebhook, webhookFlag } from '../webhooks/find-webhook.js';
import { viewWebhook } from '../webhooks/webhook-view.js';
import { webhookFleetFlags, withWebhooks } from '../webhooks/with-webhooks.js';

const flags = {
  webhook: webhookFlag,
  'from-now': { type: 'boolean', description: 'Leave out what happened while it was disabled' },
  json: jsonFlag,
  ...webhookFleetFlags,
} as const;

export function webhookEnableCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'enable', description: 'Use a webhook again, from where it was' },
    args: flags,
    run: ({ args: { webhook: typed, 'from-now': fromNow = false, json, ...args } }) =>
      withWebhooks(context, args, async (fleet) => {
        const { id, name, disabled } = await findWebhook(fleet, typed);
        const webhook = await fleet.enableWebhook(id, { fromNow });
        report(context, disabled ? `Webhook ${name} is enabled.` : `Webhook ${name} was enabled already.`);
        if (json) writeJson(context.stdout, viewWebhook(webhook));
      }),
  });
}
