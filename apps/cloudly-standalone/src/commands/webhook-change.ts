import { UsageError } from '@serve.zone/baseos-command-line';
import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { report } from '../command/report.js';
import { jsonFlag, writeJson } from '../output/write-json.js';
import { findWebhook, webhookFlag } from '../webhooks/find-webhook.js';
import { kindsFlag, readWebhookKinds } from '../webhooks/read-kinds.js';
import { viewWebhook } from '../webhooks/webhook-view.js';
import { webhookFleetFlags, withWebhooks } from '../webhooks/with-webhooks.js';

const flags = {
  webhook: webhookFlag,
  name: { type: 'string', description: 'Another name' },
  url: { type: 'string', description: 'Another URL' },
  kind: { ...kindsFlag, description: 'Other kinds of events, separated by commas, or all' },
  selector: { type: 'string', offers: 'selector', description: "Another selector; '' for none" },
  json: jsonFlag,
  ...webhookFleetFlags,
} as const;

export function webhookChangeCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'change', description: 'Change the name, the URL or the events of a webhook' },
    args: flags,
    run: ({ args: { webhook: typed, name, url, kind, selector, json, ...args } }) => {
      if ([name, url, kind, selector].every((value) => value === undefined)) {
        throw new UsageError('webhook change needs what to change: --name, --url, --kind or --selector.');
      }
      const changes = {
        name,
        url,
        ...(kind !== undefined && { kinds: readWebhookKinds(kind) }),
        ...(selector !== undefined && { selector: selector === '' ? null : selector }),
      };
      return withWebhooks(context, args, async (fleet) => {
        const { id, revision } = await findWebhook(fleet, typed);
        const changed = await fleet.changeWebhook(id, changes, { revision });
        report(context, `Webhook ${changed.name} is changed.`);
        if (json) writeJson(context.stdout, viewWebhook(changed));
      });
    },
  });
}
