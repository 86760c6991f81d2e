import { parseApprovalCode } from '@serve.zone/baseos-contracts';
import type { NodeDetails } from '@serve.zone/baseos-cloudly-handlers';
import { type CommandDef, defineCommand } from 'citty';
import { actFlags, actOnNodes } from '../bulk/act-on-nodes.js';
import { joinSelector } from '../nodes/selector-flags.js';
import { type CommandContext, OperationError } from '../command/command-context.js';
import { describeNodeFirst } from '../nodes/describe-node.js';
import { requireNotRevoked } from '../nodes/require-not-revoked.js';

const flags = {
  ...actFlags,
  code: {
    type: 'string',
    description: 'The approval code that the device logs; if the node has another one, it is not approved',
  },
} as const;

export function nodeApproveCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'approve', description: 'Approve nodes that wait for approval' },
    args: flags,
    run: ({ args }) =>
      actOnNodes(context, args, {
        nodes: joinSelector(args._),
        action: { kind: 'approve' },
        decide: async (before, fleet) => {
          requireNotRevoked(before);
          if (args.code !== undefined) requireCode(before, args.code);
          const { record, hasChanged } = await fleet.approve(before.facts.nodeId);
          return hasChanged
            ? `${describeNodeFirst(before.facts)} with the approval code ${record.approvalCode} is approved. It enrols within about a minute.`
            : `${describeNodeFirst(before.facts)} is already approved.`;
        },
      }),
  });
}

function requireCode({ facts, record: { approvalCode } }: NodeDetails, typed: string): void {
  if (parseApprovalCode(typed) === approvalCode) return;
  throw new OperationError(
    `${describeNodeFirst(facts)} has the approval code ${approvalCode}, not "${typed}": another device waits under this ID. ` +
      'The node is not approved.',
  );
}
