import type { SavedView } from '@serve.zone/baseos-cloudly-handlers';
import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import type { ListColumns } from '../list/list-column.js';
import { listFlags } from '../list/list-flags.js';
import { onePage } from '../list/list-pages.js';
import { readLayout } from '../list/read-layout.js';
import { writeList } from '../list/write-list.js';
import { fleetFlags, withFleetToRead } from '../operator/with-fleet.js';
import { formatShortWhen } from '../time/format-duration.js';
import { instant } from '../time/instant.js';
import { viewView } from '../views/view-view.js';

const flags = { ...listFlags, ...fleetFlags } as const;

export function viewListCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'list', description: 'List the saved views of nodes' },
    args: flags,
    run: ({ args }) => {
      const layout = readLayout(context, args, columns, viewView);
      return withFleetToRead(context, args, async (fleet) =>
        writeList(context, layout, {
          pages: onePage(await fleet.listViews()),
          emptySentence: 'There are no views. `view save` makes one.',
        }),
      );
    },
  });
}

const columns: ListColumns<SavedView> = {
  shown: ['name', 'selector', 'sort', 'by'],
  all: [
    { key: 'name', min: 12, text: ({ name }) => name },
    {
      key: 'selector',
      min: 16,
      isSentence: true,
      text: ({ selector }) => selector || '-',
      value: ({ selector }) => selector,
    },
    { key: 'sort', text: ({ sort }) => sort ?? 'name' },
    {
      key: 'columns',
      min: 8,
      text: ({ columns: keys }) => keys?.join(',') ?? '-',
      value: ({ columns: keys }) => keys?.join(','),
    },
    { key: 'by', min: 8, text: ({ createdBy }) => createdBy },
    {
      key: 'created',
      text: ({ createdAtMs }, nowMs) => formatShortWhen(createdAtMs, nowMs),
      value: ({ createdAtMs }) => instant(createdAtMs),
    },
    { key: 'id', text: ({ id }) => id },
  ],
};
