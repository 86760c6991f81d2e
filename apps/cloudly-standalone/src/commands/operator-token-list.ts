import type { ShownApiToken } from '@serve.zone/baseos-fleet-api';
import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import type { ListColumns } from '../list/list-column.js';
import { listFlags } from '../list/list-flags.js';
import { onePage } from '../list/list-pages.js';
import { readLayout } from '../list/read-layout.js';
import { writeList } from '../list/write-list.js';
import { withAccountsToRead } from '../operator/with-accounts.js';
import { fleetFlags } from '../operator/with-fleet.js';
import { apiTokenState, viewApiToken } from '../output/api-token-view.js';
import { formatShortWhen } from '../time/format-duration.js';
import { instant } from '../time/instant.js';

const flags = { ...listFlags, ...fleetFlags } as const;

export function operatorTokenListCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'list', description: 'List API tokens, oldest first' },
    args: flags,
    run: ({ args }) => {
      const layout = readLayout(context, args, columns, (apiToken) => viewApiToken(apiToken, Date.now()));
      return withAccountsToRead(context, args, async (accounts) =>
        writeList(context, layout, {
          pages: onePage(await accounts.listApiTokens()),
          emptySentence: 'There are no API tokens. `operator token create` makes one.',
        }),
      );
    },
  });
}

const columns: ListColumns<ShownApiToken> = {
  shown: ['id', 'name', 'state', 'role', 'scope', 'used', 'expires'],
  all: [
    { key: 'id', text: ({ id }) => id },
    { key: 'name', min: 8, text: ({ name }) => name },
    { key: 'state', text: apiTokenState },
    { key: 'role', text: ({ role }) => role },
    { key: 'scope', min: 8, text: ({ scope = '' }) => scope },
    {
      key: 'used',
      text: ({ lastUsedAtMs }, nowMs) => (lastUsedAtMs === undefined ? 'never' : formatShortWhen(lastUsedAtMs, nowMs)),
      value: ({ lastUsedAtMs }) => lastUsedAtMs && instant(lastUsedAtMs),
    },
    {
      key: 'expires',
      text: ({ expiresAtMs }, nowMs) => (expiresAtMs === undefined ? 'never' : formatShortWhen(expiresAtMs, nowMs)),
      value: ({ expiresAtMs }) => expiresAtMs && instant(expiresAtMs),
    },
    { key: 'by', min: 8, text: ({ createdBy }) => createdBy },
    { key: 'operator', min: 8, text: ({ operator = '' }) => operator },
    {
      key: 'created',
      text: ({ createdAtMs }, nowMs) => formatShortWhen(createdAtMs, nowMs),
      value: ({ createdAtMs }) => instant(createdAtMs),
    },
    {
      key: 'why-revoked',
      heading: 'WHY REVOKED',
      min: 11,
      isSentence: true,
      text: ({ revokedReason = '' }) => revokedReason,
    },
  ],
};
