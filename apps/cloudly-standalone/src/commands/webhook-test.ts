import { type CommandDef, defineCommand } from 'citty';
import { type CommandContext, OperationError } from '../command/command-context.js';
import { report } from '../command/report.js';
import { jsonFlag, writeJson } from '../output/write-json.js';
import { findWebhook, webhookFlag } from '../webhooks/find-webhook.js';
import { describeResult, viewDelivery } from '../webhooks/webhook-view.js';
import { webhookFleetFlags, withWebhooks } from '../webhooks/with-webhooks.js';

const flags = { webhook: webhookFlag, json: jsonFlag, ...webhookFleetFlags } as const;

export function webhookTestCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'test', description: 'Send a test to a webhook at once, and say what came of it' },
    args: flags,
    run: ({ args: { webhook: typed, json, ...args } }) =>
      withWebhooks(context, args, async (fleet) => {
        const { id, name } = await findWebhook(fleet, typed);
        const delivery = await fleet.testWebhook(id);
        if (json) writeJson(context.stdout, viewDelivery(delivery));
        const result = describeResult(delivery);
        if (delivery.state !== 'delivered') throw new OperationError(`The test of ${name} failed: ${result}.`);
        report(context, `The test of ${name} was ${result} after ${delivery.last?.tookMs ?? 0} ms.`);
      }),
  });
}
