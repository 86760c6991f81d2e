import { escapeControls, type ExitCode } from '@serve.zone/baseos-command-line';
import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { withFleetToRead } from '../operator/with-fleet.js';
import { writeJson } from '../output/write-json.js';
import { decisionFlags } from '../rollouts/decide-about-rollout.js';
import { settingLines } from '../rollouts/describe-settings.js';
import { findRollout } from '../rollouts/find-rollout.js';
import { pictureOf } from '../rollouts/rollout-picture.js';
import { viewRollout } from '../rollouts/rollout-view.js';
import { watchFlag, watchRollout } from '../rollouts/watch-rollout.js';

const flags = { ...decisionFlags, watch: watchFlag } as const;

export function rolloutShowCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'show', description: 'Show a rollout and its waves' },
    args: flags,
    run: ({ args }) =>
      withFleetToRead(context, args, async (fleet): Promise<ExitCode> => {
        const rollout = await findRollout(fleet, args.rollout);
        if (args.watch) return watchRollout(context, fleet, { rolloutId: rollout.id, isJson: args.json });
        const nowMs = Date.now();
        if (args.json) writeJson(context.stdout, viewRollout(rollout, nowMs));
        else {
          const lines = [...pictureOf(rollout, nowMs), ...settingLines(rollout)];
          context.stdout.write(lines.map((line) => `${escapeControls(line)}\n`).join(''));
        }
        return 0;
      }),
  });
}
