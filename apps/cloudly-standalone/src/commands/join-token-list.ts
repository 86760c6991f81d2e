import { joinTokenState } from '@serve.zone/baseos-cloudly-handlers';
import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { databaseFlags } from '../database/database-settings.js';
import { formatTable } from '../output/format-table.js';
import { jsonFlag, writeJson } from '../output/write-json.js';
import { viewJoinToken } from '../output/join-token-view.js';
import { withFleetToRead } from '../database/with-store.js';

const flags = { json: jsonFlag, ...databaseFlags } as const;

export function joinTokenListCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'list', description: 'List the join tokens, oldest first' },
    args: flags,
    run: async ({ args }) => {
      const joinTokens = await withFleetToRead(context, args, (store) => store.listJoinTokens());
      const nowMs = Date.now();
      if (args.json) {
        writeJson(
          context.stdout,
          joinTokens.map((joinToken) => viewJoinToken(joinToken, nowMs)),
        );
        return;
      }
      const rows = joinTokens.map((joinToken) => [
        joinToken.id,
        joinTokenState(joinToken, nowMs),
        `${joinToken.usedCount} of ${joinToken.maxUses}`,
        new Date(joinToken.expiresAtMs).toISOString(),
        joinToken.revokedReason ?? '',
      ]);
      context.stdout.write(formatTable(['ID', 'STATE', 'USED', 'EXPIRES', 'WHY REVOKED'], rows));
    },
  });
}
