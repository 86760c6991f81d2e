import { type NodeRecord, rotateNodeToken, voidNodeTokens } from '@serve.zone/baseos-cloudly-handlers';
import { type CommandDef, defineCommand } from 'citty';
import { type CommandContext, OperationError } from '../command/command-context.js';
import { decideAboutNode, decisionFlags, requireNotRevoked } from './node-decision.js';

const flags = {
  ...decisionFlags,
  leaked: { type: 'boolean', description: 'Make its tokens void at once; the node comes back by its registration key' },
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
        tell: (_before, after) => (args.leaked ? tellOfVoidTokens(after) : tellOfRotation(after)),
      }),
  });
}

function requireToken({ nodeId, currentToken, nextToken }: NodeRecord): void {
  if (currentToken ?? nextToken) return;
  throw new OperationError(`Node ${nodeId} has no token to replace: it gets one when it registers next.`);
}

function tellOfRotation({ nodeId, cloneSuspectedAtMs }: NodeRecord): string {
  return cloneSuspectedAtMs === undefined
    ? `Node ${nodeId} gets a new token with its next heartbeat; the old one is good until it has used that.`
    : `Node ${nodeId} gets a new token once you have said which of its two devices stays: node resolve ${nodeId}`;
}

function tellOfVoidTokens({ nodeId, registrationKeyHash }: NodeRecord): string {
  return registrationKeyHash === undefined
    ? `The tokens of node ${nodeId} are void. It has no registration key: let it in anew with \`node rebind\` and a join token.`
    : `The tokens of node ${nodeId} are void, and it comes back by its registration key.`;
}
