import { isContested, resolveClone, type StoredNode } from '@serve.zone/baseos-cloudly-handlers';
import { UsageError } from '@serve.zone/baseos-command-line';
import { type CommandDef, defineCommand } from 'citty';
import { type CommandContext, OperationError } from '../command/command-context.js';
import { viewRivals } from '../output/node-view.js';
import { decideAboutNode, decisionFlags } from './node-decision.js';

const flags = {
  ...decisionFlags,
  keep: {
    type: 'string',
    valueHint: 'process',
    description: 'The process (boot ID) of the device that keeps the identity',
  },
} as const;

export function nodeResolveCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'resolve', description: 'Choose which of two devices with the same identity keeps it' },
    args: flags,
    run: ({ args }) =>
      decideAboutNode(context, args, {
        decide: async (store, stored) => {
          const { nodeId } = stored.node;
          const kept = await resolveClone(store, nodeId, rivalToKeep(stored, args.keep));
          if (!kept)
            throw new OperationError(`Node ${nodeId} has changed in the meantime. Check it again: node show ${nodeId}`);
          return kept;
        },
        describe: (_before, { nodeId, bootId }) =>
          `The process ${bootId} stays node ${nodeId} and gets a new token with its next heartbeat. The other device is ` +
          'rejected from now on. To enrol it as a new node, reset its identity and give it a join token.',
      }),
  });
}

/**
 * @throws OperationError if there are not two devices, UsageError that lists the processes unless `keep` is one of them.
 */
function rivalToKeep(stored: StoredNode, keep: string | undefined): string {
  const { nodeId } = stored.node;
  if (!isContested(stored.node)) {
    throw new OperationError(`Node ${nodeId} is not suspected to be two devices. There is nothing to resolve.`);
  }
  const rivals = viewRivals(stored);
  const rival = rivals.find(({ bootId }) => bootId === keep?.toLowerCase());
  if (rival) return rival.bootId;
  const list = rivals.map(({ bootId, lastSeenAt }) => `${bootId} (last seen ${lastSeenAt ?? 'at its registration'})`);
  const wrong = keep === undefined ? '' : `"${keep}" is not one of them. `;
  throw new UsageError(`${wrong}Choose the process of node ${nodeId} that stays with --keep: ${list.join(', ')}.`);
}
