import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { report } from '../command/report.js';
import { chooseColumns } from '../list/choose-columns.js';
import { columnsFlag } from '../list/list-flags.js';
import { nodeColumns } from '../nodes/node-columns.js';
import { joinSelector, readSort, selectorFlag, sortFlag } from '../nodes/selector-flags.js';
import { fleetFlags, withFleet } from '../operator/with-fleet.js';
import { jsonFlag, writeJson } from '../output/write-json.js';
import { viewView } from '../views/view-view.js';

const flags = {
  name: { type: 'positional', required: true, called: 'a name', offers: 'views', description: 'The name of the view' },
  selector: selectorFlag,
  sort: sortFlag,
  columns: { ...columnsFlag(nodeColumns), description: 'Which columns it shows, separated by commas' },
  json: jsonFlag,
  ...fleetFlags,
} as const;

export function viewSaveCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'save', description: 'Save a view of nodes under a name, or change the one with that name' },
    args: flags,
    run: ({ args }) => {
      const [name = '', ...words] = args._;
      if (args.sort !== undefined) readSort(args.sort);
      const columns = args.columns === undefined ? undefined : chooseColumns(nodeColumns, args.columns);
      return withFleet(context, args, async (fleet) => {
        const before = (await fleet.listViews()).find((view) => view.name === name);
        const view = await fleet.saveView({
          id: before?.id ?? crypto.randomUUID(),
          revision: before?.revision,
          name,
          selector: joinSelector(words),
          sort: args.sort,
          columns: columns?.map(({ key }) => key),
        });
        report(context, `View ${name} is ${before ? 'changed' : 'saved'}. \`node list --view\` shows its nodes.`);
        if (args.json) writeJson(context.stdout, viewView(view));
      });
    },
  });
}
