import type { FleetNode } from '@serve.zone/baseos-cloudly-handlers';
import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { labelColumn } from '../label-file/label-column.js';
import type { ListColumn } from '../list/list-column.js';
import { csvFormat } from '../list/list-format.js';
import { writeList } from '../list/write-list.js';
import { nameNode } from '../nodes/name-node.js';
import { nodePages } from '../operator/node-pages.js';
import { joinSelector, selectorFlag } from '../nodes/selector-flags.js';
import { fleetFlags, withFleetToRead } from '../operator/with-fleet.js';

const flags = { selector: selectorFlag, ...fleetFlags } as const;

export function nodeLabelsExportCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'export', description: 'Print the labels of nodes as CSV, for a spreadsheet or `import`' },
    args: flags,
    run: ({ args }) =>
      withFleetToRead(context, args, async (fleet) => {
        const keys = await fleet.labelKeys();
        const columns = [...nameColumns, ...keys.map(({ value: key }) => labelColumnOf(key))];
        await writeList(
          context,
          { format: csvFormat(columns, Date.now()), isTable: false, isPaged: false },
          { pages: nodePages(fleet, { selector: joinSelector(args._) }), emptySentence: '' },
        );
      }),
  });
}

const nameColumns: readonly ListColumn<FleetNode>[] = [
  { key: 'node', text: ({ facts }) => facts.nodeId },
  { key: 'name', text: ({ facts }) => nameNode(facts) },
];

function labelColumnOf(key: string): ListColumn<FleetNode> {
  return { key: labelColumn(key), text: ({ labels }) => (Object.hasOwn(labels, key) ? (labels[key] ?? '') : '') };
}
