import type { Rights } from '@serve.zone/baseos-cloudly-handlers';
import type { FleetClient, Me } from '@serve.zone/baseos-fleet-api';
import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { report } from '../command/report.js';
import { readInvitation } from '../operator/read-invitation.js';
import { readNewPassword } from '../operator/read-new-password.js';
import { describeRights } from '../operator/rights-flags.js';
import { explained } from '../operator/with-fleet.js';
import { jsonFlag, writeJson } from '../output/write-json.js';
import { requireSafe } from '../remote/server-access.js';
import { createSessionFetch } from '../remote/session-fetch.js';
import { withServer } from '../remote/with-server.js';
import { readLine } from '../command/read-line.js';

const flags = {
  link: {
    type: 'positional',
    required: false,
    called: 'the link of an invitation',
    description: 'What `operator invite` or `operator reset` has printed; without it, you are asked',
  },
  name: { type: 'string', valueHint: 'name', description: 'Your name, if you are the first operator' },
  'password-file': {
    type: 'string',
    valueHint: 'file',
    offers: 'files',
    description: 'A file that contains only your new password; without it, you are asked',
  },
  'api-token': {
    type: 'string',
    valueHint: 'name',
    description: 'Also create an API token with this name and your rights, and print it',
  },
  json: jsonFlag,
} as const;

export function operatorJoinCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'join', description: 'Become an operator by the link of an invitation, or set a new password' },
    args: flags,
    run: async ({ args }) => {
      const link =
        args.link ?? (await readLine(context.terminal.ask, 'The link of the invitation: ', 'Give the link.'));
      const { url, invitation } = readInvitation(link);
      requireSafe(url, { env: context.env, secret: 'password' });
      const name = args.name ?? (await context.terminal.ask?.('Your name, if you are the first operator: '))?.trim();
      const password = await readNewPassword(context, args['password-file']);
      const access = { url, fetch: createSessionFetch(url) };
      const { me, token } = await withServer(
        access,
        explained(async (client) => {
          const joined = await client.acceptInvitation({ invitation, password, ...(name && { name }) });
          report(context, `You are the operator ${joined.name}, with ${describeRights(joined)}.`);
          try {
            return { me: joined, token: await createToken(client, joined, args['api-token']) };
          } finally {
            await client.signOut();
          }
        }),
      );
      if (args.json)
        writeJson(context.stdout, { name: me.name, ...rightsOf(me), ...(token !== undefined && { token }) });
      else if (token !== undefined) context.stdout.write(`${token}\n`);
    },
  });
}

/** An API token with all rights of its operator, without whom it ends. */
async function createToken(client: FleetClient, me: Me, name: string | undefined): Promise<string | undefined> {
  return name === undefined ? undefined : (await client.createApiToken({ name, ...rightsOf(me) })).token;
}

function rightsOf({ role, scope }: Me): Rights {
  return { role, ...(scope !== undefined && { scope }) };
}
