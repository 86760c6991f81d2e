import type { ShownOperator } from '@serve.zone/baseos-fleet-api';
import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import type { ListColumns } from '../list/list-column.js';
import { listFlags } from '../list/list-flags.js';
import { onePage } from '../list/list-pages.js';
import { readLayout } from '../list/read-layout.js';
import { writeList } from '../list/write-list.js';
import { withAccountsToRead } from '../operator/with-accounts.js';
import { fleetFlags } from '../operator/with-fleet.js';
import { viewOperator } from '../output/operator-view.js';
import { formatShortWhen } from '../time/format-duration.js';
import { instant } from '../time/instant.js';

const flags = { ...listFlags, ...fleetFlags } as const;

export function operatorListCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'list', description: 'List the operators' },
    args: flags,
    run: ({ args }) => {
      const layout = readLayout(context, args, columns, viewOperator);
      return withAccountsToRead(context, args, async (accounts) =>
        writeList(context, layout, {
          pages: onePage(await accounts.listOperators()),
          emptySentence: 'There are no operators. `operator invite` makes a link for the first one.',
        }),
      );
    },
  });
}

const columns: ListColumns<ShownOperator> = {
  shown: ['name', 'role', 'scope', 'joined', 'invited-by'],
  all: [
    { key: 'name', min: 8, text: ({ name }) => name },
    { key: 'role', text: ({ role }) => role },
    { key: 'scope', min: 8, text: ({ scope = '' }) => scope },
    {
      key: 'joined',
      text: ({ joinedAtMs }, nowMs) => formatShortWhen(joinedAtMs, nowMs),
      value: ({ joinedAtMs }) => instant(joinedAtMs),
    },
    {
      key: 'password-set',
      heading: 'PASSWORD SET',
      text: ({ passwordSetAtMs }, nowMs) => formatShortWhen(passwordSetAtMs, nowMs),
      value: ({ passwordSetAtMs }) => instant(passwordSetAtMs),
    },
    { key: 'invited-by', heading: 'INVITED BY', min: 8, text: ({ invitedBy }) => invitedBy },
  ],
};
