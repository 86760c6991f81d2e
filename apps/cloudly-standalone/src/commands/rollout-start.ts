import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { decideAboutRollout, decisionFlags } from '../rollouts/decide-about-rollout.js';
import { sayWhoCarriesOut } from '../rollouts/say-who-carries-out.js';
import { watchFlag, watchRollout } from '../rollouts/watch-rollout.js';

const flags = { ...decisionFlags, watch: watchFlag } as const;

export function rolloutStartCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'start', description: 'Freeze which nodes are the members of a draft, and begin it' },
    args: flags,
    run: ({ args: { watch, ...args } }) =>
      decideAboutRollout(
        context,
        // What is watched has JSON of its own.
        { ...args, json: args.json && !watch },
        (fleet, { id }) => fleet.startRollout(id),
        async (fleet, { id }) => {
          await sayWhoCarriesOut(context, args);
          return watch ? watchRollout(context, fleet, { rolloutId: id, isJson: args.json }) : 0;
        },
      ),
  });
}
