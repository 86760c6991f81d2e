import { type CommandDef, defineCommand } from 'citty';
import { actFlags, actOnNodes } from '../bulk/act-on-nodes.js';
import { joinSelector } from '../nodes/selector-flags.js';
import { type CommandContext, OperationError } from '../command/command-context.js';
import { describeNodeFirst } from '../nodes/describe-node.js';

export function nodeUnrevokeCommand(context: CommandContext): CommandDef<typeof actFlags> {
  return defineCommand({
    meta: { name: 'unrevoke', description: 'Lift the revocation of nodes' },
    args: actFlags,
    run: ({ args }) =>
      actOnNodes(context, args, {
        nodes: joinSelector(args._),
        action: { kind: 'unrevoke' },
        decide: async ({ facts }, fleet) => {
          const { hasChanged } = await fleet.unrevoke(facts.nodeId);
          if (!hasChanged) throw new OperationError(`${describeNodeFirst(facts)} is not revoked.`);
          return `${describeNodeFirst(facts)} is no longer revoked. It reconnects within an hour, or at once if you restart it.`;
        },
      }),
  });
}
