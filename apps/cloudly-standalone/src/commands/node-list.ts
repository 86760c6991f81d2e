import { readWholeNumber } from '@serve.zone/baseos-command-line';
import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { columnsFlag, listFlags } from '../list/list-flags.js';
import { readLayout } from '../list/read-layout.js';
import { writeList } from '../list/write-list.js';
import { viewFleetNode } from '../nodes/fleet-node-view.js';
import { nodeColumns } from '../nodes/node-columns.js';
import { nodePages } from '../operator/node-pages.js';
import { joinSelector, readSort, selectorFlag, sortFlag } from '../nodes/selector-flags.js';
import { fleetFlags, withFleetToRead } from '../operator/with-fleet.js';
import { findView } from '../views/find-view.js';
import { viewFlag } from '../views/view-flag.js';

const flags = {
  selector: selectorFlag,
  sort: sortFlag,
  limit: { type: 'string', description: 'How many nodes at most' },
  view: viewFlag,
  ...listFlags,
  columns: columnsFlag(nodeColumns),
  ...fleetFlags,
} as const;

const LIMIT_MAX = 1_000_000;

export function nodeListCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'list', description: 'List nodes, and when each was last seen' },
    args: flags,
    run: ({ args }) => {
      const typedSort = args.sort === undefined ? undefined : readSort(args.sort);
      const limit =
        args.limit === undefined ? undefined : readWholeNumber('--limit', args.limit, { min: 1, max: LIMIT_MAX });
      // A mistake in the columns is told before anything is read.
      let layout = readLayout(context, args, nodeColumns, viewFleetNode);
      return withFleetToRead(context, args, async (fleet) => {
        const view = args.view === undefined ? undefined : await findView(fleet, args.view);
        const selector = joinSelector([...(view ? [view.selector] : []), ...args._]);
        const sort = typedSort ?? (view?.sort === undefined ? undefined : readSort(view.sort));
        if (view?.columns && args.columns === undefined && !args.json) {
          layout = readLayout(context, { ...args, columns: view.columns.join(',') }, nodeColumns, viewFleetNode);
        }
        await writeList(context, layout, {
          pages: nodePages(fleet, { selector, sort, limit }),
          emptySentence:
            selector === '' ? 'There are no nodes. `join-token create` admits some.' : `No node matches ${selector}.`,
        });
      });
    },
  });
}
