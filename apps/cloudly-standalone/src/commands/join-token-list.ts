import { joinTokenState, type ShownJoinToken } from '@serve.zone/baseos-cloudly-handlers';
import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { formatLabels } from '@serve.zone/baseos-cloudly-handlers';
import type { ListColumns } from '../list/list-column.js';
import { listFlags } from '../list/list-flags.js';
import { onePage } from '../list/list-pages.js';
import { readLayout } from '../list/read-layout.js';
import { writeList } from '../list/write-list.js';
import { fleetFlags, withFleetToRead } from '../operator/with-fleet.js';
import { viewJoinToken } from '../output/join-token-view.js';
import { formatShortWhen } from '../time/format-duration.js';
import { instant } from '../time/instant.js';

const flags = { ...listFlags, ...fleetFlags } as const;

export function joinTokenListCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'list', description: 'List the join tokens, oldest first' },
    args: flags,
    run: ({ args }) => {
      const layout = readLayout(context, args, columns, (joinToken) => viewJoinToken(joinToken, Date.now()));
      return withFleetToRead(context, args, async (fleet) =>
        writeList(context, layout, {
          pages: onePage(await fleet.listJoinTokens()),
          emptySentence: 'There are no join tokens. `join-token create` makes one.',
        }),
      );
    },
  });
}

const columns: ListColumns<ShownJoinToken> = {
  shown: ['id', 'state', 'used', 'expires', 'description', 'why-revoked'],
  all: [
    { key: 'id', text: ({ id }) => id },
    { key: 'state', text: joinTokenState },
    { key: 'used', text: ({ usedCount, maxUses }) => `${usedCount} of ${maxUses}` },
    {
      key: 'expires',
      text: ({ expiresAtMs }, nowMs) => formatShortWhen(expiresAtMs, nowMs),
      value: ({ expiresAtMs }) => instant(expiresAtMs),
    },
    { key: 'description', min: 11, isSentence: true, text: ({ description }) => description ?? '' },
    { key: 'labels', min: 10, text: ({ labels = {} }) => formatLabels(labels) },
    { key: 'by', min: 8, text: ({ createdBy }) => createdBy ?? '' },
    {
      key: 'created',
      text: ({ createdAtMs }, nowMs) => formatShortWhen(createdAtMs, nowMs),
      value: ({ createdAtMs }) => instant(createdAtMs),
    },
    { key: 'approval', text: ({ requiresApproval }) => (requiresApproval ? 'needed' : '-') },
    {
      key: 'why-revoked',
      heading: 'WHY REVOKED',
      min: 11,
      isSentence: true,
      text: ({ revokedReason }) => revokedReason ?? '',
    },
  ],
};
