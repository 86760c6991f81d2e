import { type CommandDef, defineCommand } from 'citty';
import { alertFlag } from '../alerts/alert-flag.js';
import { viewAlert } from '../alerts/alert-view.js';
import { aboutAlert } from '../alerts/describe-alert.js';
import type { CommandContext } from '../command/command-context.js';
import { report } from '../command/report.js';
import { fleetFlags, withFleet } from '../operator/with-fleet.js';
import { jsonFlag, writeJson } from '../output/write-json.js';

const flags = { alert: alertFlag, json: jsonFlag, ...fleetFlags } as const;

export function alertUnsnoozeCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'unsnooze', description: 'End the snooze of an alert before its time' },
    args: flags,
    run: ({ args }) =>
      withFleet(context, args, async (fleet) => {
        const alert = await fleet.unsnoozeAlert(args.alert);
        report(context, `The alert ${alert.kind} of ${aboutAlert(alert)} is not snoozed.`);
        if (args.json) writeJson(context.stdout, viewAlert(alert));
      }),
  });
}
