import type { NodeDetails, ShownRecord } from '@serve.zone/baseos-cloudly-handlers';
import { type CommandDef, defineCommand } from 'citty';
import { actFlags, actOnNodes } from '../bulk/act-on-nodes.js';
import { joinSelector } from '../nodes/selector-flags.js';
import { type CommandContext, OperationError } from '../command/command-context.js';
import { describeNode, describeNodeFirst } from '../nodes/describe-node.js';
import { requireNotRevoked } from '../nodes/require-not-revoked.js';
import type { Decide } from '../operator/decide-about-node.js';

const flags = {
  ...actFlags,
  leaked: {
    type: 'boolean',
    description: 'Revoke the tokens of one node at once; it re-enrols with its registration key',
  },
} as const;

export function nodeRotateCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'rotate', description: 'Replace the tokens of nodes' },
    args: flags,
    run: ({ args }) =>
      actOnNodes(context, args, {
        nodes: joinSelector(args._),
        ...(args.leaked ? { decide: voidTokens } : { action: { kind: 'rotate-token' }, decide: rotateToken }),
      }),
  });
}

const rotateToken: Decide = async (before, fleet) => {
  requireNotRevoked(before);
  requireToken(before);
  const { record } = await fleet.rotateToken(before.facts.nodeId);
  return describeRotation(before, record);
};

const voidTokens: Decide = async ({ facts }, fleet) => {
  const { record } = await fleet.voidTokens(facts.nodeId);
  return record.isLegacy
    ? `The tokens of ${describeNode(facts)} are revoked. The node has no registration key: admit it again with \`node rebind\` and a join token.`
    : `The tokens of ${describeNode(facts)} are revoked. The node re-enrols with its registration key.`;
};

function requireToken({ facts, record: { currentToken, nextToken } }: NodeDetails): void {
  if (currentToken ?? nextToken) return;
  throw new OperationError(`${describeNodeFirst(facts)} has no token to replace. It gets one when it next registers.`);
}

function describeRotation({ facts }: NodeDetails, { cloneSuspectedAtMs }: ShownRecord): string {
  return cloneSuspectedAtMs === undefined
    ? `${describeNodeFirst(facts)} gets a new token with its next heartbeat. The old token stays valid until the node has used the new one.`
    : `${describeNodeFirst(facts)} gets a new token after you choose which of its two devices stays: node resolve ${facts.nodeId}`;
}
