import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { decideAboutRollout, decisionFlags } from '../rollouts/decide-about-rollout.js';

export function rolloutStopCommand(context: CommandContext): CommandDef<typeof decisionFlags> {
  return defineCommand({
    meta: { name: 'stop', description: 'End a rollout for ever, with what can still be taken back' },
    args: decisionFlags,
    run: ({ args }) => decideAboutRollout(context, args, (fleet, { id }) => fleet.stopRollout(id)),
  });
}
