import { type CommandDef, defineCommand } from 'citty';
import { actFlagsWith, actOnNodes } from '../bulk/act-on-nodes.js';
import type { CommandContext } from '../command/command-context.js';
import { describeNodeFirst } from '../nodes/describe-node.js';
import { formatLabels } from '@serve.zone/baseos-cloudly-handlers';
import { readLabelChanges } from '../labels/label-changes.js';

const flags = actFlagsWith({
  change: {
    type: 'positional',
    required: true,
    isRepeated: true,
    called: 'a label such as shop=a',
    description: 'key=value sets a label, key- removes it',
  },
});

export function nodeLabelCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'label', description: 'Set and remove labels of nodes' },
    args: flags,
    run: ({ args }) => {
      const labels = readLabelChanges(args._.slice(1));
      return actOnNodes(context, args, {
        nodes: args.nodes,
        action: { kind: 'label', labels },
        decide: async ({ facts }, fleet) => {
          const profile = await fleet.label(facts.nodeId, labels);
          const now = formatLabels(profile.labels);
          return `${describeNodeFirst(facts)} has ${now === '' ? 'no labels' : `the labels ${now}`} now.`;
        },
      });
    },
  });
}
