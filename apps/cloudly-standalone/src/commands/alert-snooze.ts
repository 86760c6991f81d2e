import { type CommandDef, defineCommand } from 'citty';
import { alertFlag } from '../alerts/alert-flag.js';
import { viewAlert } from '../alerts/alert-view.js';
import { aboutAlert } from '../alerts/describe-alert.js';
import type { CommandContext } from '../command/command-context.js';
import { report } from '../command/report.js';
import { readUntilMs } from '../flags/read-until.js';
import { fleetFlags, withFleet } from '../operator/with-fleet.js';
import { jsonFlag, writeJson } from '../output/write-json.js';
import { instant } from '../time/instant.js';

const flags = {
  alert: alertFlag,
  until: {
    type: 'string',
    required: true,
    valueHint: 'when',
    description: 'Until a time, or for a duration such as 2d',
  },
  note: { type: 'string', valueHint: 'text', description: 'Why, for others' },
  json: jsonFlag,
  ...fleetFlags,
} as const;

export function alertSnoozeCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'snooze', description: 'Say that you know of an alert, so that it is left out of lists until then' },
    args: flags,
    run: ({ args }) => {
      const untilMs = readUntilMs('--until', args.until, Date.now());
      return withFleet(context, args, async (fleet) => {
        const alert = await fleet.snoozeAlert(args.alert, { untilMs, note: args.note });
        report(context, `The alert ${alert.kind} of ${aboutAlert(alert)} is snoozed until ${instant(untilMs)}.`);
        if (args.json) writeJson(context.stdout, viewAlert(alert));
      });
    },
  });
}
