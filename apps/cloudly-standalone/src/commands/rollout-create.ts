import { type CommandDef, defineCommand } from 'citty';
import { UsageError } from '@serve.zone/baseos-command-line';
import type { CommandContext } from '../command/command-context.js';
import { report } from '../command/report.js';
import { joinSelector } from '../nodes/selector-flags.js';
import { fleetFlags, withFleet } from '../operator/with-fleet.js';
import { jsonFlag, writeJson } from '../output/write-json.js';
import { pictureOf } from '../rollouts/rollout-picture.js';
import { viewRollout } from '../rollouts/rollout-view.js';
import { limitFlags, readLimits, readPlan, readWindow, waveFlags, windowFlags } from '../rollouts/settings-flags.js';
import { orderFlags, readRolloutCommand } from './command-order.js';

const { kind, service, 'app-id': appId, commit, force, timeout, soak } = orderFlags;

const flags = {
  name: { type: 'positional', required: true, called: 'a name', description: 'What to call the rollout' },
  kind,
  selector: {
    type: 'positional',
    required: false,
    isRepeated: true,
    offers: 'selector',
    description: 'Which nodes; without it, all of them',
  },
  service,
  'app-id': appId,
  commit: { ...commit, description: 'The release to install, which an update must name' },
  force,
  timeout,
  soak,
  ...waveFlags,
  ...limitFlags,
  ...windowFlags,
  json: jsonFlag,
  ...fleetFlags,
} as const;

export function rolloutCreateCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'create', description: 'Make a draft of a rollout: a command for many nodes, wave by wave' },
    args: flags,
    run: ({ args }) => {
      const [name = '', , ...words] = args._;
      const command = readRolloutCommand(args);
      const limits = readLimits(args);
      const window = readWindow(args);
      if (limits?.perGroup === null || window === null) {
        throw new UsageError('There is nothing yet to remove with none. Leave the flag out.');
      }
      const { perGroup, ...others } = limits ?? {};
      return withFleet(context, args, async (fleet) => {
        const rollout = await fleet.createRollout({
          id: crypto.randomUUID(),
          name,
          command,
          selector: joinSelector(words),
          ...readPlan(args),
          limits: { ...others, ...(perGroup && { perGroup }) },
          ...(window && { window }),
        });
        const nowMs = Date.now();
        if (args.json) writeJson(context.stdout, viewRollout(rollout, nowMs));
        else context.stdout.write(`${rollout.id}\n`);
        for (const line of pictureOf(rollout, nowMs).slice(0, 2)) report(context, line);
        report(context, 'Look at what would become of it with `rollout preview`, and begin it with `rollout start`.');
      });
    },
  });
}
