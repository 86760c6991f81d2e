import { parseApprovalCode } from '@serve.zone/baseos-contracts';
import { UsageError } from '@serve.zone/baseos-command-line';
import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { describeNode } from '../nodes/describe-node.js';
import { requireNotRevoked } from '../nodes/require-not-revoked.js';
import { decideAboutNode } from '../operator/decide-about-node.js';
import { findNode, nodeFlag } from '../operator/find-node.js';
import { fleetFlags, withFleet } from '../operator/with-fleet.js';
import { jsonFlag } from '../output/write-json.js';
import { instant } from '../time/instant.js';

const flags = {
  node: nodeFlag,
  code: { type: 'string', description: 'The approval code that the other device logs' },
  json: jsonFlag,
  ...fleetFlags,
} as const;

export function nodeRebindCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'rebind', description: 'Let another device take over a node, once, within 24 hours' },
    args: flags,
    run: ({ args }) =>
      withFleet(context, args, async (fleet) => {
        const { nodeId } = (await findNode(fleet, args.node)).facts;
        await decideAboutNode(context, fleet, {
          nodeId,
          isJson: args.json,
          decide: async (before) => {
            requireNotRevoked(before);
            const approvalCode = requireCode(args.code);
            const { record } = await fleet.allowRebind(nodeId, { approvalCode });
            const until = instant(record.rebind?.untilMs ?? 0);
            return (
              `Until ${until}, the device with the approval code ${approvalCode} takes over ${describeNode(before.facts)} ` +
              'when it registers with a valid join token. The previous device is then locked out.'
            );
          },
        });
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
