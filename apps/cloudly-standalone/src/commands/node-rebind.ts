import { allowRebind } from '@serve.zone/baseos-cloudly-handlers';
import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command-context.js';
import { decideAboutNode, decisionFlags, requireNotRevoked } from './node-decision.js';

export function nodeRebindCommand(context: CommandContext): CommandDef<typeof decisionFlags> {
  return defineCommand({
    meta: { name: 'rebind', description: 'Let another device take the place of a node, once, within 24 hours' },
    args: decisionFlags,
    run: ({ args }) =>
      decideAboutNode(context, args, {
        decide: (store, { node }) => {
          requireNotRevoked(node);
          return allowRebind(store, node.nodeId);
        },
        tell: (_before, { nodeId, rebindUntilMs = 0 }) =>
          `Until ${new Date(rebindUntilMs).toISOString()} the next device that registers as ${nodeId} by a good join token ` +
          'takes its place. Start it with BASEOS_NODE_ID and a join token; the device before it is out from then on.',
      }),
  });
}
