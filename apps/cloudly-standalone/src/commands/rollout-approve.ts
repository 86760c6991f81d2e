import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { decideAboutRollout, decisionFlags } from '../rollouts/decide-about-rollout.js';

export function rolloutApproveCommand(context: CommandContext): CommandDef<typeof decisionFlags> {
  return defineCommand({
    meta: {
      name: 'approve',
      description: 'Approve a draft of another person, or open the gate behind a wave that is over',
    },
    args: decisionFlags,
    run: ({ args }) => decideAboutRollout(context, args, (fleet, { id }) => fleet.approveRollout(id)),
  });
}
