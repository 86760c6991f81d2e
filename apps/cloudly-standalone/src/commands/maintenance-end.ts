import { type CommandDef, defineCommand } from 'citty';
import { viewMaintenance } from '../alerts/alert-view.js';
import type { CommandContext } from '../command/command-context.js';
import { report } from '../command/report.js';
import { fleetFlags, withFleet } from '../operator/with-fleet.js';
import { jsonFlag, writeJson } from '../output/write-json.js';

const flags = {
  id: {
    type: 'positional',
    required: true,
    called: 'a maintenance',
    description: 'The ID of the maintenance, as `maintenance list --wide` shows it',
  },
  json: jsonFlag,
  ...fleetFlags,
} as const;

export function maintenanceEndCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'end', description: 'End a maintenance before its time: alerts that it held back open' },
    args: flags,
    run: ({ args }) =>
      withFleet(context, args, async (fleet) => {
        const maintenance = await fleet.endMaintenance(args.id);
        report(context, `The maintenance of ${maintenance.selector} is over.`);
        if (args.json) writeJson(context.stdout, viewMaintenance(maintenance));
      }),
  });
}
