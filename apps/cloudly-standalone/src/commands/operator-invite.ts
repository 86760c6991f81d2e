import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { readDurationMs } from '../flags/read-flag.js';
import { linkFlags, readLinkUrl } from '../operator/link-url.js';
import { readRightsFlags, rightsFlags } from '../operator/rights-flags.js';
import { inviteFirstOperator, withInvitations } from '../operator/with-accounts.js';
import { fleetFlags } from '../operator/with-fleet.js';
import { writeInvitation } from '../operator/write-invitation.js';
import { jsonFlag } from '../output/write-json.js';

const flags = {
  name: {
    type: 'positional',
    required: false,
    called: 'a name for the operator',
    description: 'Who is invited; without a name, the first operator, who chooses one and may do everything',
  },
  ...rightsFlags,
  expires: { type: 'string', default: '3d', valueHint: 'duration', description: 'How long the link can be used' },
  ...linkFlags,
  json: jsonFlag,
  ...fleetFlags,
} as const;

export function operatorInviteCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'invite', description: 'Make a link by which somebody becomes an operator' },
    args: flags,
    run: async ({ args }) => {
      const { name, expires } = args;
      const expiresInMs = readDurationMs('--expires', expires, { min: '1m', max: '30d' });
      const linkUrl = () => readLinkUrl(context, args);
      const offered =
        name === undefined
          ? await inviteFirstOperator(context, args, { linkUrl, expiresInMs })
          : await withInvitations(context, args, linkUrl, (accounts) =>
              accounts.invite({ name, ...readRightsFlags(args), expiresInMs }),
            );
      writeInvitation(context, offered, args.json);
    },
  });
}
