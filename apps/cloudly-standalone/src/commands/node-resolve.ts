import type { NodeDetails } from '@serve.zone/baseos-cloudly-handlers';
import { UsageError } from '@serve.zone/baseos-command-line';
import { type CommandDef, defineCommand } from 'citty';
import { type CommandContext, OperationError } from '../command/command-context.js';
import { describeNode, describeNodeFirst } from '../nodes/describe-node.js';
import { viewRivals } from '../nodes/node-view.js';
import { decideAboutNode } from '../operator/decide-about-node.js';
import { findNode, nodeFlag } from '../operator/find-node.js';
import { fleetFlags, withFleet } from '../operator/with-fleet.js';
import { jsonFlag } from '../output/write-json.js';

const flags = {
  node: nodeFlag,
  keep: {
    type: 'string',
    valueHint: 'process',
    description: 'The process (boot ID) of the device that keeps the identity',
  },
  json: jsonFlag,
  ...fleetFlags,
} as const;

export function nodeResolveCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'resolve', description: 'Choose which of two devices with the same identity keeps it' },
    args: flags,
    run: ({ args }) =>
      withFleet(context, args, async (fleet) => {
        const { nodeId } = (await findNode(fleet, args.node)).facts;
        await decideAboutNode(context, fleet, {
          nodeId,
          isJson: args.json,
          decide: async (before) => {
            const { record } = await fleet.resolveClone(nodeId, rivalToKeep(before, args.keep));
            return (
              `The process ${record.bootId} stays ${describeNode(before.facts)} and gets a new token with its next heartbeat. ` +
              'The other device is rejected from now on. To enrol it as a new node, reset its identity and give it a join token.'
            );
          },
        });
      }),
  });
}

/**
 * @throws OperationError if there are not two devices, UsageError that lists the processes unless `keep` is one of them.
 */
function rivalToKeep(details: NodeDetails, keep: string | undefined): string {
  const rivals = viewRivals(details);
  if (rivals.length === 0) {
    throw new OperationError(
      `${describeNodeFirst(details.facts)} is not suspected to be two devices. There is nothing to resolve.`,
    );
  }
  const rival = rivals.find(({ bootId }) => bootId === keep?.toLowerCase());
  if (rival) return rival.bootId;
  const list = rivals.map(({ bootId, lastSeenAt }) => `${bootId} (last seen ${lastSeenAt ?? 'at its registration'})`);
  const wrong = keep === undefined ? '' : `"${keep}" is not one of them. `;
  throw new UsageError(
    `${wrong}Choose the process of ${describeNode(details.facts)} that stays with --keep: ${list.join(', ')}.`,
  );
}
