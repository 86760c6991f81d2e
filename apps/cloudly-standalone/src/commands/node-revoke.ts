import { type CommandDef, defineCommand } from 'citty';
import { actFlags, actOnNodes } from '../bulk/act-on-nodes.js';
import { joinSelector } from '../nodes/selector-flags.js';
import type { CommandContext } from '../command/command-context.js';
import { describeNodeFirst } from '../nodes/describe-node.js';

export function nodeRevokeCommand(context: CommandContext): CommandDef<typeof actFlags> {
  return defineCommand({
    meta: { name: 'revoke', description: 'Lock nodes out; their IDs stay reserved' },
    args: actFlags,
    run: ({ args }) =>
      actOnNodes(context, args, {
        nodes: joinSelector(args._),
        action: { kind: 'revoke' },
        decide: async ({ facts }, fleet) =>
          (await fleet.revoke(facts.nodeId)).hasChanged
            ? `${describeNodeFirst(facts)} is revoked. Its next request is rejected with 410, and it goes dormant.`
            : `${describeNodeFirst(facts)} is already revoked.`,
      }),
  });
}
