import { type CountField, countFields, fieldCalled, type ValueCount } from '@serve.zone/baseos-cloudly-handlers';
import { UsageError } from '@serve.zone/baseos-command-line';
import { nearestName } from '@serve.zone/baseos-command-line/nearest-name';
import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import type { ListColumns } from '../list/list-column.js';
import { listFlags } from '../list/list-flags.js';
import { onePage } from '../list/list-pages.js';
import { readLayout } from '../list/read-layout.js';
import { writeList } from '../list/write-list.js';
import { joinSelector, selectorFlag } from '../nodes/selector-flags.js';
import { fleetFlags, withFleetToRead } from '../operator/with-fleet.js';
import { writeJson } from '../output/write-json.js';
import { findView } from '../views/find-view.js';
import { viewFlag } from '../views/view-flag.js';

const flags = {
  selector: selectorFlag,
  by: {
    type: 'string',
    valueHint: 'field',
    offers: countFields,
    description: `How many have each value: ${countFields.join(', ')}, or label.<key>`,
  },
  view: viewFlag,
  ...listFlags,
  ...fleetFlags,
} as const;

/** Counting takes as long as what is counted. */
const COUNT_MAX = 1_000_000;

const VALUES_MAX = 1000;

export function nodeCountCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'count', description: 'Count nodes, or how many of them have each value of a field' },
    args: flags,
    run: ({ args }) => {
      const field = args.by === undefined ? undefined : readCountField(args.by);
      const layout = readLayout(context, args, columnsOf(field ?? ''), (each) => each);
      return withFleetToRead(context, args, async (fleet) => {
        const view = args.view === undefined ? undefined : await findView(fleet, args.view);
        const selector = joinSelector([...(view ? [view.selector] : []), ...args._]);
        if (field === undefined) {
          const { count, isMore } = await fleet.countNodes({ selector, max: COUNT_MAX });
          if (args.json) writeJson(context.stdout, { count, isMore });
          else context.stdout.write(`${count}${isMore ? '+' : ''}\n`);
          return;
        }
        await writeList(context, layout, {
          pages: onePage(await fleet.countBy(field, { selector, limit: VALUES_MAX })),
          emptySentence: 'No node matches.',
        });
      });
    },
  });
}

function columnsOf(field: string): ListColumns<ValueCount> {
  return {
    shown: ['nodes', 'value'],
    all: [
      { key: 'nodes', text: ({ count }) => String(count) },
      {
        key: 'value',
        heading: field.toUpperCase(),
        min: 20,
        text: ({ value }) => value || '-',
        value: ({ value }) => value,
      },
    ],
  };
}

/** @throws UsageError for a field that cannot be counted. */
function readCountField(typed: string): CountField {
  const field = countFields.find((each) => each === fieldCalled(typed));
  if (field !== undefined) return field;
  if (/^label\../.test(typed)) return typed as `label.${string}`;
  const nearest = nearestName(typed, countFields);
  const hint =
    nearest === undefined ? `There are: ${countFields.join(', ')}, label.<key>.` : `Did you mean "${nearest}"?`;
  throw new UsageError(`Nodes cannot be counted by "${typed}". ${hint}`);
}
