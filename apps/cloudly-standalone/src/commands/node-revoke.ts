import { revokeNode } from '@serve.zone/baseos-cloudly-handlers';
import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { decideAboutNode, decisionFlags } from './node-decision.js';

export function nodeRevokeCommand(context: CommandContext): CommandDef<typeof decisionFlags> {
  return defineCommand({
    meta: { name: 'revoke', description: 'Lock a node out; its ID stays reserved' },
    args: decisionFlags,
    run: ({ args }) =>
      decideAboutNode(context, args, {
        decide: (store, { node }) => revokeNode(store, node.nodeId),
        describe: (before, { nodeId }) =>
          before.revokedAtMs === undefined
            ? `Node ${nodeId} is revoked. Its next request is rejected with 410, and it goes dormant.`
            : `Node ${nodeId} is already revoked.`,
      }),
  });
}
