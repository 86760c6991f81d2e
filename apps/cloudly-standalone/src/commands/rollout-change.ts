import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { decideAboutRollout, decisionFlags } from '../rollouts/decide-about-rollout.js';
import { limitFlags, readLimits, readPlan, readWindow, waveFlags, windowFlags } from '../rollouts/settings-flags.js';

const flags = {
  ...decisionFlags,
  name: { type: 'string', description: 'Another name' },
  selector: { type: 'string', offers: 'selector', description: 'Other nodes' },
  ...waveFlags,
  ...limitFlags,
  ...windowFlags,
} as const;

export function rolloutChangeCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'change', description: 'Change a draft, or the limits and the window of a rollout that is paused' },
    args: flags,
    run: ({ args }) => {
      const changes = {
        ...readPlan(args),
        name: args.name,
        selector: args.selector,
        limits: readLimits(args),
        window: readWindow(args),
      };
      return decideAboutRollout(context, args, (fleet, { id }) => fleet.changeRollout(id, changes));
    },
  });
}
