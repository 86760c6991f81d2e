import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { readOneOf } from '../flags/read-flag.js';
import { decideAboutRollout, decisionFlags } from '../rollouts/decide-about-rollout.js';
import { limitFlags, readLimits } from '../rollouts/settings-flags.js';

const decisions = ['retry', 'leave-out'] as const;

const flags = {
  ...decisionFlags,
  failed: {
    type: 'string',
    valueHint: decisions.join('|'),
    offers: decisions,
    description: 'What becomes of nodes that have failed: they try again, or are left out',
  },
  ...limitFlags,
} as const;

export function rolloutResumeCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'resume', description: 'Let a rollout go on that is paused' },
    args: flags,
    run: ({ args }) => {
      const failed = args.failed === undefined ? undefined : readOneOf('--failed', args.failed, decisions);
      const limits = readLimits(args);
      return decideAboutRollout(context, args, (fleet, { id }) => fleet.resumeRollout(id, { failed, limits }));
    },
  });
}
