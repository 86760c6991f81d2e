import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { linkFlags, readLinkUrl } from '../operator/link-url.js';
import { operatorFlag } from '../operator/operator-flag.js';
import { withInvitations } from '../operator/with-accounts.js';
import { fleetFlags } from '../operator/with-fleet.js';
import { writeInvitation } from '../operator/write-invitation.js';
import { jsonFlag } from '../output/write-json.js';

const flags = { name: operatorFlag, ...linkFlags, json: jsonFlag, ...fleetFlags } as const;

export function operatorResetCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'reset', description: 'Make a link by which an operator sets a new password' },
    args: flags,
    run: async ({ args }) => {
      const linkUrl = () => readLinkUrl(context, args);
      const offered = await withInvitations(context, args, linkUrl, (accounts) => accounts.offerNewPassword(args.name));
      writeInvitation(context, offered, args.json);
    },
  });
}
