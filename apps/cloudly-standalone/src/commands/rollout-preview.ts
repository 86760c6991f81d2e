import { escapeControls } from '@serve.zone/baseos-command-line';
import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { withFleetToRead } from '../operator/with-fleet.js';
import { writeJson } from '../output/write-json.js';
import { decisionFlags } from '../rollouts/decide-about-rollout.js';
import { previewLines, viewPreview } from '../rollouts/describe-preview.js';
import { findRollout } from '../rollouts/find-rollout.js';

export function rolloutPreviewCommand(context: CommandContext): CommandDef<typeof decisionFlags> {
  return defineCommand({
    meta: { name: 'preview', description: 'Show what would become of a draft that is started now' },
    args: decisionFlags,
    run: ({ args }) =>
      withFleetToRead(context, args, async (fleet) => {
        const rollout = await findRollout(fleet, args.rollout);
        const preview = await fleet.previewRollout(rollout.id);
        if (args.json) return writeJson(context.stdout, viewPreview(preview));
        const lines = previewLines(rollout, preview, Date.now());
        context.stdout.write(lines.map((line) => `${escapeControls(line)}\n`).join(''));
      }),
  });
}
