import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { report } from '../command/report.js';
import { jsonFlag, writeJson } from '../output/write-json.js';
import { kindsFlag, readWebhookKinds } from '../webhooks/read-kinds.js';
import { viewWebhook } from '../webhooks/webhook-view.js';
import { webhookFleetFlags, withWebhooks } from '../webhooks/with-webhooks.js';

const flags = {
  name: { type: 'positional', required: true, called: 'a name', description: 'What the webhook is called' },
  url: { type: 'positional', required: true, called: 'a URL', description: 'Where events are sent, with https' },
  kind: { ...kindsFlag, description: `${kindsFlag.description} (default: all)` },
  selector: {
    type: 'string',
    offers: 'selector',
    description: 'Only events of nodes that it matches then, such as label.shop=a (default: all nodes, and the fleet)',
  },
  json: jsonFlag,
  ...webhookFleetFlags,
} as const;

export function webhookCreateCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'create', description: 'Send events to a URL from now on, and print the secret that verifies them' },
    args: flags,
    run: ({ args: { name, url, kind, selector, json, ...args } }) => {
      const kinds = kind === undefined ? null : readWebhookKinds(kind);
      return withWebhooks(context, args, async (fleet) => {
        const created = await fleet.createWebhook({
          id: crypto.randomUUID(),
          name,
          url,
          selector,
          ...(kinds && { kinds }),
        });
        const { webhook, secret = '' } = created;
        if (json) writeJson(context.stdout, { secret, ...viewWebhook(webhook) });
        else context.stdout.write(`${secret}\n`);
        report(context, `Webhook ${name} is created. Its secret is not shown again. \`webhook test\` sends a test.`);
      });
    },
  });
}
