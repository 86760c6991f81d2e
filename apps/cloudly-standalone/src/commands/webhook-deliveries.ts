import { type Delivery, deliveryStates } from '@serve.zone/baseos-cloudly-handlers';
import { readWholeNumber } from '@serve.zone/baseos-command-line';
import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { readOneOf } from '../flags/read-flag.js';
import type { ListColumns } from '../list/list-column.js';
import { listFlags } from '../list/list-flags.js';
import { readLayout } from '../list/read-layout.js';
import { writeList } from '../list/write-list.js';
import { formatAgo, formatShortDuration, formatShortWhen } from '../time/format-duration.js';
import { instant } from '../time/instant.js';
import { deliveryPages } from '../webhooks/delivery-pages.js';
import { findWebhook, webhookFlag } from '../webhooks/find-webhook.js';
import { describeResult, viewDelivery } from '../webhooks/webhook-view.js';
import { webhookFleetFlags, withWebhooks } from '../webhooks/with-webhooks.js';

const flags = {
  webhook: webhookFlag,
  state: {
    type: 'string',
    offers: deliveryStates,
    description: `Only those that are so: ${deliveryStates.join(', ')}`,
  },
  limit: { type: 'string', default: '100', description: 'How many at most' },
  ...listFlags,
  ...webhookFleetFlags,
} as const;

const LIMIT_MAX = 1_000_000;

export function webhookDeliveriesCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: {
      name: 'deliveries',
      description: 'List what a webhook has sent in 30 days and what waits, the newest first',
    },
    args: flags,
    run: ({ args: { webhook: typed, ...args } }) => {
      const state = args.state === undefined ? undefined : readOneOf('--state', args.state, deliveryStates);
      const limit = readWholeNumber('--limit', args.limit, { min: 1, max: LIMIT_MAX });
      const layout = readLayout(context, args, columns, viewDelivery);
      return withWebhooks(context, args, async (fleet) => {
        const { id } = await findWebhook(fleet, typed);
        const pages = deliveryPages(fleet, id, { state, limit });
        return writeList(context, layout, { pages, emptySentence: 'There are no such deliveries.' });
      });
    },
  });
}

const columns: ListColumns<Delivery> = {
  shown: ['when', 'event', 'state', 'attempts', 'result', 'id'],
  all: [
    {
      key: 'when',
      text: ({ createdAtMs }, nowMs) => formatAgo(createdAtMs, nowMs, formatShortDuration),
      full: ({ createdAtMs }) => instant(createdAtMs),
    },
    { key: 'event', min: 10, text: ({ kind }) => kind },
    { key: 'state', text: ({ state }) => state },
    { key: 'attempts', text: ({ attempts }) => String(attempts) },
    { key: 'result', min: 16, isSentence: true, text: describeResult },
    { key: 'id', min: 12, text: ({ id }) => id },
    { key: 'position', text: ({ position }) => String(position ?? '-') },
    {
      key: 'next',
      text: ({ state, dueAtMs }, nowMs) => (state === 'waiting' ? formatShortWhen(dueAtMs, nowMs) : '-'),
      value: ({ state, dueAtMs }) => (state === 'waiting' ? instant(dueAtMs) : undefined),
    },
    { key: 'status', text: ({ last }) => String(last?.status ?? '-') },
  ],
};
