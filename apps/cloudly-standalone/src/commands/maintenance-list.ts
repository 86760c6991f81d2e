import type { Maintenance } from '@serve.zone/baseos-cloudly-handlers';
import { type CommandDef, defineCommand } from 'citty';
import { viewMaintenance } from '../alerts/alert-view.js';
import type { CommandContext } from '../command/command-context.js';
import type { ListColumns } from '../list/list-column.js';
import { columnsFlag, listFlags } from '../list/list-flags.js';
import { onePage } from '../list/list-pages.js';
import { readLayout } from '../list/read-layout.js';
import { writeList } from '../list/write-list.js';
import { fleetFlags, withFleetToRead } from '../operator/with-fleet.js';
import { formatShortWhen } from '../time/format-duration.js';
import { instant } from '../time/instant.js';

const columns: ListColumns<Maintenance> = {
  shown: ['selector', 'from', 'until', 'by', 'note'],
  all: [
    { key: 'selector', min: 16, isSentence: true, text: ({ selector }) => selector },
    {
      key: 'from',
      text: ({ fromMs }, nowMs) => formatShortWhen(fromMs, nowMs),
      value: ({ fromMs }) => instant(fromMs),
    },
    {
      key: 'until',
      text: ({ untilMs, endedAtMs }, nowMs) => formatShortWhen(endedAtMs ?? untilMs, nowMs),
      value: ({ untilMs, endedAtMs }) => instant(endedAtMs ?? untilMs),
    },
    { key: 'by', min: 8, text: ({ createdBy }) => createdBy },
    { key: 'note', min: 12, isSentence: true, text: ({ note }) => note ?? '' },
    { key: 'id', text: ({ id }) => id },
  ],
};

const flags = {
  all: { type: 'boolean', description: 'Also those that are over' },
  ...listFlags,
  columns: columnsFlag(columns),
  ...fleetFlags,
} as const;

const LISTED_MAX = 1000;

export function maintenanceListCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'list', description: 'List the maintenances that are not over, those that begin last first' },
    args: flags,
    run: ({ args }) => {
      const layout = readLayout(context, args, columns, viewMaintenance);
      return withFleetToRead(context, args, async (fleet) =>
        writeList(context, layout, {
          pages: onePage(await fleet.listMaintenance({ isOpen: !args.all, limit: LISTED_MAX })),
          emptySentence: 'There is no maintenance. `maintenance start` sets one.',
        }),
      );
    },
  });
}
