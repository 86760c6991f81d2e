import type { UpdatesMode } from '@serve.zone/baseos-cloudly-handlers';
import { type CommandDef, defineCommand } from 'citty';
import { actFlagsWith, actOnNodes } from '../bulk/act-on-nodes.js';
import type { CommandContext } from '../command/command-context.js';
import { readOneOf } from '../flags/read-flag.js';
import { describeNode } from '../nodes/describe-node.js';

const modes: readonly UpdatesMode[] = ['gated', 'free', 'own'];

const flags = actFlagsWith({
  mode: {
    type: 'positional',
    required: true,
    offers: modes,
    description:
      'gated: releases wait for the command update. free: the device installs them. own: as the device is set',
  },
});

export function nodeUpdatesCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'updates', description: 'Set whether nodes install releases on their own' },
    args: flags,
    run: ({ args }) => {
      const mode = readOneOf('The mode', args.mode, modes);
      return actOnNodes(context, args, {
        nodes: args.nodes,
        action: { kind: 'set-updates', updatesMode: mode },
        decide: async ({ facts, record }, fleet) => {
          await fleet.setUpdatesMode(facts.nodeId, mode);
          const since = record.updatesMode === mode ? ', as before' : ' from its next heartbeat on';
          return `The updates of ${describeNode(facts)} are ${mode}${since}: ${consequences[mode]}`;
        },
      });
    },
  });
}

const consequences: Record<UpdatesMode, string> = {
  gated: 'releases wait for the command update, if the node accepts that command.',
  free: 'it installs releases on its own.',
  own: 'it follows its own setting (BASEOS_UPDATES).',
};
