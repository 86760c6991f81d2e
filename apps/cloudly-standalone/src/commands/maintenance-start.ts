import { UsageError } from '@serve.zone/baseos-command-line';
import { type CommandDef, defineCommand } from 'citty';
import { viewMaintenance } from '../alerts/alert-view.js';
import type { CommandContext } from '../command/command-context.js';
import { report } from '../command/report.js';
import { readUntilMs } from '../flags/read-until.js';
import { joinSelector, selectorFlag } from '../nodes/selector-flags.js';
import { fleetFlags, withFleet } from '../operator/with-fleet.js';
import { jsonFlag, writeJson } from '../output/write-json.js';
import { instant } from '../time/instant.js';

const flags = {
  selector: { ...selectorFlag, required: true, description: 'Which nodes, such as label.shop=a' },
  from: { type: 'string', valueHint: 'when', description: 'From a time, or a duration from now (default: now)' },
  until: {
    type: 'string',
    required: true,
    valueHint: 'when',
    description: 'Until a time, or for a duration such as 2h',
  },
  note: { type: 'string', valueHint: 'text', description: 'Why, for others' },
  json: jsonFlag,
  ...fleetFlags,
} as const;

export function maintenanceStartCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'start', description: 'Hold back alerts of the nodes that a selector matches, for a time' },
    args: flags,
    run: ({ args }) => {
      const selector = joinSelector(args._);
      if (selector.trim() === '') throw new UsageError('Say which nodes, such as label.shop=a.');
      const nowMs = Date.now();
      const fromMs = args.from === undefined ? undefined : readUntilMs('--from', args.from, nowMs);
      const untilMs = readUntilMs('--until', args.until, fromMs ?? nowMs);
      return withFleet(context, args, async (fleet) => {
        const maintenance = await fleet.startMaintenance({ selector, fromMs, untilMs, note: args.note });
        const { count, isMore } = await fleet.countNodes({ selector });
        const times = `from ${instant(maintenance.fromMs)} to ${instant(maintenance.untilMs)}`;
        report(context, `${count}${isMore ? ' and more' : ''} nodes are in maintenance ${times} (${maintenance.id}).`);
        if (args.json) writeJson(context.stdout, viewMaintenance(maintenance));
      });
    },
  });
}
