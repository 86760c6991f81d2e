import { type NodeRecord, rotateNodeToken, voidNodeTokens } from '@serve.zone/baseos-cloudly-handlers';
import { type CommandDef, defineCommand } from 'citty';
import { type CommandContext, OperationError } from '../command/command-context.js';
import { decideAboutNode, decisionFlags, requireNotRevoked } from './node-decision.js';

const flags = {
  ...decisionFlags,
  leaked: { type: 'boolean', description: 'Revoke its tokens at once; the node re-enrols with its registration key' },
} as const;

export function nodeRotateCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'rotate', description: 'Replace the token of a node' },
    args: flags,
    run: ({ args }) =>
      decideAboutNode(context, args, {
        decide: (store, { node }) => {
          if (args.leaked) return voidNodeTokens(store, node.nodeId);
          requireNotRevoked(node);
          requireToken(node);
          return rotateNodeToken(store, node.nodeId);
        },
        describe: (_before, after) => (args.leaked ? describeVoidTokens(after) : describeRotation(after)),
      }),
  });
}

function requireToken({ nodeId, currentToken, nextToken }: NodeRecord): void {
  if (currentToken ?? nextToken) return;
  throw new OperationError(`Node ${nodeId} has no token to replace. It gets one when it next registers.`);
}

function describeRotation({ nodeId, cloneSuspectedAtMs }: NodeRecord): string {
  return cloneSuspectedAtMs === undefined
    ? `Node ${nodeId} gets a new token with its next heartbeat. The old token stays valid until the node has used the new one.`
    : `Node ${nodeId} gets a new token after you choose which of its two devices stays: node resolve ${nodeId}`;
}

function describeVoidTokens({ nodeId, registrationKeyHash }: NodeRecord): string {
  return registrationKeyHash === undefined
    ? `The tokens of node ${nodeId} are revoked. The node has no registration key: admit it again with \`node rebind\` and a join token.`
    : `The tokens of node ${nodeId} are revoked. The node re-enrols with its registration key.`;
}
