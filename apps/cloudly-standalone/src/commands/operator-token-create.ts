import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { report } from '../command/report.js';
import { readDurationMs } from '../flags/read-flag.js';
import { describeRights, readRightsFlags, rightsFlags } from '../operator/rights-flags.js';
import { withAccounts } from '../operator/with-accounts.js';
import { fleetFlags } from '../operator/with-fleet.js';
import { viewApiToken } from '../output/api-token-view.js';
import { jsonFlag, writeJson } from '../output/write-json.js';
import { instant } from '../time/instant.js';

const flags = {
  name: {
    type: 'positional',
    required: true,
    called: 'a name for the token',
    description: 'What it is for; events tell by this name what was done with it',
  },
  ...rightsFlags,
  expires: {
    type: 'string',
    valueHint: 'duration',
    description: 'How long it is valid (default: until it is revoked)',
  },
  json: jsonFlag,
  ...fleetFlags,
} as const;

export function operatorTokenCreateCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'create', description: 'Create an API token for a program, and print it' },
    args: flags,
    run: async ({ args }) => {
      const rights = readRightsFlags(args);
      const expiresInMs =
        args.expires === undefined ? undefined : readDurationMs('--expires', args.expires, { min: '1s', max: '3650d' });
      const { token, record } = await withAccounts(context, args, (accounts) =>
        accounts.createApiToken({ name: args.name, ...rights, expiresInMs }),
      );
      if (args.json) writeJson(context.stdout, { token, ...viewApiToken(record, Date.now()) });
      else context.stdout.write(`${token}\n`);
      const { name, expiresAtMs } = record;
      const until = expiresAtMs === undefined ? 'until it is revoked' : `until ${instant(expiresAtMs)}`;
      report(context, `API token ${name} has ${describeRights(record)}, ${until}. It is not shown again.`);
    },
  });
}
