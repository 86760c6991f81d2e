import type { ShownWebhook } from '@serve.zone/baseos-cloudly-handlers';
import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import type { ListColumns } from '../list/list-column.js';
import { listFlags } from '../list/list-flags.js';
import { onePage } from '../list/list-pages.js';
import { readLayout } from '../list/read-layout.js';
import { writeList } from '../list/write-list.js';
import { formatShortWhen } from '../time/format-duration.js';
import { instant } from '../time/instant.js';
import { viewWebhook, webhookState } from '../webhooks/webhook-view.js';
import { webhookFleetFlags, withWebhooks } from '../webhooks/with-webhooks.js';

const flags = { ...listFlags, ...webhookFleetFlags } as const;

export function webhookListCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'list', description: 'List the webhooks, oldest first' },
    args: flags,
    run: ({ args }) => {
      const layout = readLayout(context, args, columns, viewWebhook);
      return withWebhooks(context, args, async (fleet) =>
        writeList(context, layout, {
          pages: onePage(await fleet.listWebhooks()),
          emptySentence: 'There are no webhooks. `webhook create` makes one.',
        }),
      );
    },
  });
}

const columns: ListColumns<ShownWebhook> = {
  shown: ['name', 'state', 'waiting', 'url', 'kinds', 'selector'],
  all: [
    { key: 'name', min: 8, text: ({ name }) => name },
    { key: 'state', text: webhookState },
    { key: 'waiting', text: ({ waitingCount }) => String(waitingCount) },
    { key: 'url', min: 16, text: ({ url }) => url },
    { key: 'kinds', min: 8, text: ({ kinds }) => kinds?.join(',') ?? 'all' },
    { key: 'selector', min: 8, text: ({ selector = '' }) => selector },
    { key: 'id', text: ({ id }) => id },
    { key: 'by', min: 8, text: ({ createdBy }) => createdBy },
    {
      key: 'created',
      text: ({ createdAtMs }, nowMs) => formatShortWhen(createdAtMs, nowMs),
      value: ({ createdAtMs }) => instant(createdAtMs),
    },
    {
      key: 'failing-since',
      heading: 'FAILING SINCE',
      text: ({ failingSinceMs }, nowMs) =>
        failingSinceMs === undefined ? '-' : formatShortWhen(failingSinceMs, nowMs),
      value: ({ failingSinceMs }) => failingSinceMs && instant(failingSinceMs),
    },
    { key: 'secret', text: ({ secretVersion }) => `version ${secretVersion}` },
  ],
};
