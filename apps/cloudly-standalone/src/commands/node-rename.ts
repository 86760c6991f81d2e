import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { describeNodeFirst } from '../nodes/describe-node.js';
import { decideAboutNode } from '../operator/decide-about-node.js';
import { findNode, nodeFlag } from '../operator/find-node.js';
import { fleetFlags, withFleet } from '../operator/with-fleet.js';
import { jsonFlag } from '../output/write-json.js';

const flags = {
  node: nodeFlag,
  name: {
    type: 'positional',
    required: true,
    called: 'a name',
    description: "Its name; '' removes it, and the host name of the device is shown again",
  },
  json: jsonFlag,
  ...fleetFlags,
} as const;

export function nodeRenameCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'rename', description: 'Name a node' },
    args: flags,
    run: ({ args }) =>
      withFleet(context, args, async (fleet) => {
        const { nodeId } = (await findNode(fleet, args.node)).facts;
        await decideAboutNode(context, fleet, {
          nodeId,
          isJson: args.json,
          decide: async ({ facts }) => {
            const { name } = await fleet.rename(nodeId, args.name);
            return `${describeNodeFirst(facts)} ${name === undefined ? 'has no name of its own' : `is called ${name}`} now.`;
          },
        });
      }),
  });
}
