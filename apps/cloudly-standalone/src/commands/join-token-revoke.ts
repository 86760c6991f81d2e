import { isFleetError } from '@serve.zone/baseos-cloudly-handlers';
import { type CommandDef, defineCommand } from 'citty';
import { type CommandContext, OperationError } from '../command/command-context.js';
import { report } from '../command/report.js';
import { fleetFlags, withFleet } from '../operator/with-fleet.js';
import { viewJoinToken } from '../output/join-token-view.js';
import { jsonFlag, writeJson } from '../output/write-json.js';

const flags = {
  id: {
    type: 'positional',
    required: true,
    called: 'a join token ID',
    description: 'The ID of the join token, as in `join-token list`',
  },
  reason: { type: 'string', description: 'Why, for other operators' },
  json: jsonFlag,
  ...fleetFlags,
} as const;

export function joinTokenRevokeCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'revoke', description: 'Revoke a join token; nodes that it admitted stay' },
    args: flags,
    run: ({ args }) =>
      withFleet(context, args, async (fleet) => {
        const record = await fleet.revokeJoinToken(args.id, args.reason).catch(orUnknown(args.id));
        report(context, `Join token ${record.id} is revoked.`);
        if (args.json) writeJson(context.stdout, viewJoinToken(record, Date.now()));
      }),
  });
}

function orUnknown(id: string): (error: unknown) => never {
  return (error) => {
    if (!isFleetError(error) || error.code !== 'join-token-unknown') throw error;
    throw new OperationError(`No join token has the ID ${id}. \`join-token list\` shows all of them.`);
  };
}
