import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { report } from '../command/report.js';
import { jsonFlag, writeJson } from '../output/write-json.js';
import { findWebhook, webhookFlag } from '../webhooks/find-webhook.js';
import { webhookFleetFlags, withWebhooks } from '../webhooks/with-webhooks.js';

const flags = { webhook: webhookFlag, json: jsonFlag, ...webhookFleetFlags } as const;

export function webhookDeleteCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'delete', description: 'Delete a webhook, with its log and all that it was going to send' },
    args: flags,
    run: ({ args: { webhook: typed, json, ...args } }) =>
      withWebhooks(context, args, async (fleet) => {
        const { id, name } = await findWebhook(fleet, typed);
        await fleet.removeWebhook(id);
        report(context, `Webhook ${name} is deleted.`);
        if (json) writeJson(context.stdout, { id, name, deleted: true });
      }),
  });
}
