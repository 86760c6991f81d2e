import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { report } from '../command/report.js';
import { fleetFlags, withFleet } from '../operator/with-fleet.js';
import { jsonFlag, writeJson } from '../output/write-json.js';
import { findView } from '../views/find-view.js';

const flags = {
  name: {
    type: 'positional',
    required: true,
    called: 'a view',
    offers: 'views',
    description: 'The name of the view, or its ID',
  },
  json: jsonFlag,
  ...fleetFlags,
} as const;

export function viewRemoveCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'remove', description: 'Remove a saved view; its nodes stay as they are' },
    args: flags,
    run: ({ args }) =>
      withFleet(context, args, async (fleet) => {
        const { id, name } = await findView(fleet, args.name);
        await fleet.removeView(id);
        report(context, `View ${name} is removed.`);
        if (args.json) writeJson(context.stdout, { id, name, removed: true });
      }),
  });
}
