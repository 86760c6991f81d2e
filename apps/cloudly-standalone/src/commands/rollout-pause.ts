import { UsageError } from '@serve.zone/baseos-command-line';
import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { report } from '../command/report.js';
import { withFleet } from '../operator/with-fleet.js';
import { writeJson } from '../output/write-json.js';
import { decideAboutRollout, decisionFlags } from '../rollouts/decide-about-rollout.js';
import { viewRollout } from '../rollouts/rollout-view.js';

const flags = {
  ...decisionFlags,
  rollout: { ...decisionFlags.rollout, required: false },
  all: { type: 'boolean', description: 'Every rollout that runs and that you may decide about' },
} as const;

export function rolloutPauseCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'pause', description: 'Pause a rollout, or all of them: nothing more is offered' },
    args: flags,
    run: ({ args: { rollout, all, ...args } }) => {
      if ((rollout === undefined) === !all) throw new UsageError('Name one rollout, or give --all.');
      if (rollout !== undefined) {
        return decideAboutRollout(context, { ...args, rollout }, (fleet, { id }) => fleet.pauseRollout(id));
      }
      return withFleet(context, args, async (fleet) => {
        const paused = await fleet.pauseAllRollouts();
        for (const { name } of paused) report(context, `Rollout ${name} is paused.`);
        if (paused.length === 0) report(context, 'No rollout runs.');
        if (args.json)
          writeJson(
            context.stdout,
            paused.map((each) => viewRollout(each, Date.now())),
          );
      });
    },
  });
}
