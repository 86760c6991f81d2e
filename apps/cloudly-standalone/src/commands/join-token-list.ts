import { joinTokenState } from '@serve.zone/baseos-cloudly-handlers';
import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command-context.js';
import { databasePath } from '../database-path.js';
import { formatTable } from '../format-table.js';
import { dataFlag, withStore } from '../with-store.js';

const flags = { data: dataFlag } as const;

export function joinTokenListCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'list', description: 'List the join tokens, the oldest first' },
    args: flags,
    run: async ({ args }) => {
      const joinTokens = await withStore(databasePath(args.data), (store) => store.listJoinTokens());
      const nowMs = Date.now();
      const rows = joinTokens.map((joinToken) => [
        joinToken.id,
        joinTokenState(joinToken, nowMs),
        `${joinToken.usedCount} of ${joinToken.maxUses}`,
        new Date(joinToken.expiresAtMs).toISOString(),
      ]);
      context.stdout.write(formatTable(['ID', 'STATE', 'USED', 'EXPIRES'], rows));
    },
  });
}
