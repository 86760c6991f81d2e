import { type CommandDef, defineCommand } from 'citty';
import { type CommandContext, OperationError } from '../command/command-context.js';
import { databaseFlags } from '../database/database-settings.js';
import { withStore } from '../database/with-store.js';
import { viewJoinToken } from '../output/join-token-view.js';
import { jsonFlag, writeJson } from '../output/write-json.js';

const flags = {
  id: {
    type: 'positional',
    required: true,
    called: 'a join token ID',
    description: 'The ID of the join token, as in `join-token list`',
  },
  json: jsonFlag,
  ...databaseFlags,
} as const;

export function joinTokenRevokeCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'revoke', description: 'Revoke a join token; nodes that it admitted stay' },
    args: flags,
    run: async ({ args }) => {
      const { id } = args;
      const record = await withStore(context, args, (store) => store.revokeJoinToken(id, Date.now()));
      if (!record) throw new OperationError(`No join token has the ID ${id}. \`join-token list\` shows all of them.`);
      context.stderr.write(`Join token ${id} is revoked.\n`);
      if (args.json) writeJson(context.stdout, viewJoinToken(record, Date.now()));
    },
  });
}
