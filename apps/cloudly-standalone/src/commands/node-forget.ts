import { forgetNode } from '@serve.zone/baseos-cloudly-handlers';
import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { databaseFlags } from '../database/database-settings.js';
import { jsonFlag, writeJson } from '../output/write-json.js';
import { findNode, nodeFlag, unknownNode } from '../command/find-node.js';
import { withStore } from '../database/with-store.js';

const flags = { node: nodeFlag, json: jsonFlag, ...databaseFlags } as const;

export function nodeForgetCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'forget', description: 'Remove a node with its history and commands; its ID can be used again' },
    args: flags,
    run: async ({ args }) => {
      const nodeId = await withStore(context, args, async (store) => {
        const { node } = await findNode(store, args.node);
        if (!(await forgetNode(store, node.nodeId))) throw unknownNode(node.nodeId);
        return node.nodeId;
      });
      context.stderr.write(
        `Node ${nodeId} is forgotten and its tokens are no longer valid. With a valid join token, its device registers as a new node. To ` +
          'keep the device out, revoke the node instead.\n',
      );
      if (args.json) writeJson(context.stdout, { nodeId, forgotten: true });
    },
  });
}
