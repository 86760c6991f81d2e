import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { report } from '../command/report.js';
import { jsonFlag, writeJson } from '../output/write-json.js';
import { findWebhook, webhookFlag } from '../webhooks/find-webhook.js';
import { viewWebhook } from '../webhooks/webhook-view.js';
import { webhookFleetFlags, withWebhooks } from '../webhooks/with-webhooks.js';

const flags = { webhook: webhookFlag, json: jsonFlag, ...webhookFleetFlags } as const;

export function webhookDisableCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'disable', description: 'Send nothing more by a webhook until it is enabled' },
    args: flags,
    run: ({ args: { webhook: typed, json, ...args } }) =>
      withWebhooks(context, args, async (fleet) => {
        const { id, name } = await findWebhook(fleet, typed);
        const webhook = await fleet.disableWebhook(id);
        report(context, `Webhook ${name} is disabled. \`webhook enable\` goes on where it was.`);
        if (json) writeJson(context.stdout, viewWebhook(webhook));
      }),
  });
}
