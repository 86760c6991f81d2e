import { unrevokeNode } from '@serve.zone/baseos-cloudly-handlers';
import { type CommandDef, defineCommand } from 'citty';
import { type CommandContext, OperationError } from '../command/command-context.js';
import { decideAboutNode, decisionFlags } from './node-decision.js';

export function nodeUnrevokeCommand(context: CommandContext): CommandDef<typeof decisionFlags> {
  return defineCommand({
    meta: { name: 'unrevoke', description: 'Lift the revocation of a node' },
    args: decisionFlags,
    run: ({ args }) =>
      decideAboutNode(context, args, {
        decide: (store, { node: { nodeId, revokedAtMs } }) => {
          if (revokedAtMs === undefined) throw new OperationError(`Node ${nodeId} is not revoked.`);
          return unrevokeNode(store, nodeId);
        },
        describe: (_before, { nodeId }) =>
          `Node ${nodeId} is no longer revoked. It reconnects within an hour, or at once if you restart it.`,
      }),
  });
}
