import { type CommandDef, defineCommand } from 'citty';
import { type CommandContext, OperationError } from '../command/command-context.js';
import { report } from '../command/report.js';
import { withAccounts } from '../operator/with-accounts.js';
import { fleetFlags } from '../operator/with-fleet.js';
import { viewApiToken } from '../output/api-token-view.js';
import { jsonFlag, writeJson } from '../output/write-json.js';

const flags = {
  token: {
    type: 'positional',
    required: true,
    called: 'an API token',
    description: 'The name of the API token, or its ID, as in `operator token list`',
  },
  reason: { type: 'string', description: 'Why, for other operators' },
  json: jsonFlag,
  ...fleetFlags,
} as const;

export function operatorTokenRevokeCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'revoke', description: 'Revoke an API token, and those that were created with it' },
    args: flags,
    run: ({ args }) =>
      withAccounts(context, args, async (accounts) => {
        const found = (await accounts.listApiTokens()).find(({ id, name }) => [id, name].includes(args.token));
        if (!found) {
          throw new OperationError(`There is no API token ${args.token}. \`operator token list\` shows all of them.`);
        }
        const record = await accounts.revokeApiToken(found.id, args.reason);
        report(context, `API token ${record.name} is revoked.`);
        if (args.json) writeJson(context.stdout, viewApiToken(record, Date.now()));
      }),
  });
}
