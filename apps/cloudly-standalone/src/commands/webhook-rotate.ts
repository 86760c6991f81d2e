import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { report } from '../command/report.js';
import { jsonFlag, writeJson } from '../output/write-json.js';
import { findWebhook, webhookFlag } from '../webhooks/find-webhook.js';
import { viewWebhook } from '../webhooks/webhook-view.js';
import { webhookFleetFlags, withWebhooks } from '../webhooks/with-webhooks.js';

const flags = { webhook: webhookFlag, json: jsonFlag, ...webhookFleetFlags } as const;

export function webhookRotateCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'rotate', description: 'Make another secret of a webhook, and print it' },
    args: flags,
    run: ({ args: { webhook: typed, json, ...args } }) =>
      withWebhooks(context, args, async (fleet) => {
        const { id, name } = await findWebhook(fleet, typed);
        const { webhook, secret } = await fleet.rotateWebhookSecret(id);
        if (json) writeJson(context.stdout, { secret, ...viewWebhook(webhook) });
        else context.stdout.write(`${secret}\n`);
        report(context, `Webhook ${name} has another secret. For a day, the one before signs, too.`);
      }),
  });
}
