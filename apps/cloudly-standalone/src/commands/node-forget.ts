import { type CommandDef, defineCommand } from 'citty';
import { actFlags } from '../bulk/act-on-nodes.js';
import { requireCount } from '../bulk/confirm-count.js';
import { findTarget } from '../bulk/find-target.js';
import { runAction } from '../bulk/run-action.js';
import { joinSelector } from '../nodes/selector-flags.js';
import type { CommandContext } from '../command/command-context.js';
import { report } from '../command/report.js';
import { describeNodeFirst } from '../nodes/describe-node.js';
import { withFleet } from '../operator/with-fleet.js';
import { writeJson } from '../output/write-json.js';

export function nodeForgetCommand(context: CommandContext): CommandDef<typeof actFlags> {
  return defineCommand({
    meta: { name: 'forget', description: 'Remove nodes with their history and commands; their IDs are free again' },
    args: actFlags,
    run: ({ args }) =>
      withFleet(context, args, async (fleet) => {
        const target = await findTarget(fleet, joinSelector(args._));
        if (target.kind === 'selector') {
          return runAction(context, fleet, { action: { kind: 'forget' }, selector: target.selector, args });
        }
        requireCount(args.count, 1);
        const { facts } = target.node;
        await fleet.forget(facts.nodeId);
        report(
          context,
          `${describeNodeFirst(facts)} is forgotten and its tokens are no longer valid. With a valid join token, its device ` +
            'registers as a new node. To keep the device out, revoke the node instead.',
        );
        if (args.json) writeJson(context.stdout, { nodeId: facts.nodeId, forgotten: true });
        return 0;
      }),
  });
}
