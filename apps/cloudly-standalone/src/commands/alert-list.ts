import { alertKindNames, alertUrgencies } from '@serve.zone/baseos-cloudly-handlers';
import { readWholeNumber } from '@serve.zone/baseos-command-line';
import { type CommandDef, defineCommand } from 'citty';
import { alertColumns } from '../alerts/alert-columns.js';
import { alertPages } from '../alerts/alert-pages.js';
import { viewAlert } from '../alerts/alert-view.js';
import type { CommandContext } from '../command/command-context.js';
import { readWords } from '../flags/read-words.js';
import { columnsFlag, listFlags } from '../list/list-flags.js';
import { readLayout } from '../list/read-layout.js';
import { writeList } from '../list/write-list.js';
import { joinSelector, selectorFlag } from '../nodes/selector-flags.js';
import { fleetFlags, withFleetToRead } from '../operator/with-fleet.js';

const flags = {
  selector: selectorFlag,
  kind: {
    type: 'string',
    valueHint: 'kinds',
    offers: alertKindNames,
    isList: true,
    description: 'Only these kinds, separated by commas',
  },
  urgency: {
    type: 'string',
    valueHint: 'urgencies',
    offers: alertUrgencies,
    isList: true,
    description: `Only these: ${alertUrgencies.join(', ')}`,
  },
  snoozed: { type: 'boolean', description: 'Only those that are snoozed, which are left out otherwise' },
  all: { type: 'boolean', description: 'Also those that are snoozed' },
  limit: { type: 'string', description: 'How many alerts at most' },
  ...listFlags,
  columns: columnsFlag(alertColumns),
  ...fleetFlags,
} as const;

const LIMIT_MAX = 1_000_000;

export function alertListCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'list', description: 'List what needs somebody, the most urgent first' },
    args: flags,
    run: ({ args }) => {
      const kinds = args.kind === undefined ? undefined : readWords('--kind', args.kind, alertKindNames);
      const urgencies = args.urgency === undefined ? undefined : readWords('--urgency', args.urgency, alertUrgencies);
      const limit =
        args.limit === undefined ? undefined : readWholeNumber('--limit', args.limit, { min: 1, max: LIMIT_MAX });
      const layout = readLayout(context, args, alertColumns, viewAlert);
      const selector = joinSelector(args._);
      const isSnoozed = args.all ? undefined : args.snoozed === true;
      return withFleetToRead(context, args, (fleet) =>
        writeList(context, layout, {
          pages: alertPages(fleet, { kinds, urgencies, isSnoozed, ...(selector !== '' && { selector }) }, limit),
          emptySentence: args.snoozed ? 'No such alert is snoozed.' : 'There are no such alerts: nothing needs you.',
        }),
      );
    },
  });
}
