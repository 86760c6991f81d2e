import { parseApprovalCode } from '@serve.zone/baseos-contracts';
import { allowRebind } from '@serve.zone/baseos-cloudly-handlers';
import { UsageError } from '@serve.zone/baseos-command-line';
import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { decideAboutNode, decisionFlags, requireNotRevoked } from './node-decision.js';

const flags = {
  ...decisionFlags,
  code: { type: 'string', description: 'The approval code that the other device logs' },
} as const;

export function nodeRebindCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'rebind', description: 'Let another device take over a node, once, within 24 hours' },
    args: flags,
    run: ({ args }) =>
      decideAboutNode(context, args, {
        decide: (store, { node }) => {
          requireNotRevoked(node);
          return allowRebind(store, node.nodeId, { approvalCode: requireCode(args.code) });
        },
        describe: (_before, { nodeId, rebind: { approvalCode, untilMs } = { approvalCode: '', untilMs: 0 } }) =>
          `Until ${new Date(untilMs).toISOString()}, the device with the approval code ${approvalCode} takes over node ` +
          `${nodeId} when it registers with a valid join token. The previous device is then locked out.`,
      }),
  });
}

/** @throws UsageError that says where to find the code. */
function requireCode(typed: string | undefined): string {
  const code = parseApprovalCode(typed ?? '');
  if (code !== undefined) return code;
  const wrong = typed === undefined ? '' : `"${typed}" is not an approval code. `;
  throw new UsageError(
    `${wrong}Give the approval code of the other device with --code. Start that device with BASEOS_NODE_ID and a join token: ` +
      'this server rejects it and logs its approval code. "baserunner identity show" on the device also prints the code.',
  );
}
