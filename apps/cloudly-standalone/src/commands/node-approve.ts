import { parseApprovalCode } from '@serve.zone/baseos-contracts';
import { approveNode, type NodeRecord } from '@serve.zone/baseos-cloudly-handlers';
import { type CommandDef, defineCommand } from 'citty';
import { type CommandContext, OperationError } from '../command/command-context.js';
import { decideAboutNode, decisionFlags, requireNotRevoked } from './node-decision.js';

const flags = {
  ...decisionFlags,
  code: {
    type: 'string',
    description: 'The approval code that the device logs; if the node has another one, it is not approved',
  },
} as const;

export function nodeApproveCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'approve', description: 'Approve a node that waits for approval' },
    args: flags,
    run: ({ args }) =>
      decideAboutNode(context, args, {
        decide: (store, { node }) => {
          requireNotRevoked(node);
          if (args.code !== undefined) requireCode(node, args.code);
          return approveNode(store, node.nodeId);
        },
        describe: (before, { nodeId, approvalCode }) =>
          before.approvedAtMs === undefined
            ? `Node ${nodeId} with the approval code ${approvalCode} is approved. It enrols within about a minute.`
            : `Node ${nodeId} is already approved.`,
      }),
  });
}

function requireCode({ nodeId, approvalCode }: NodeRecord, typed: string): void {
  if (parseApprovalCode(typed) === approvalCode) return;
  throw new OperationError(
    `Node ${nodeId} has the approval code ${approvalCode}, not "${typed}": another device waits under this ID. ` +
      'The node is not approved.',
  );
}
