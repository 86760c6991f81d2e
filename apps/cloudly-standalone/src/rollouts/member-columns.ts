import { memberWords, type RolloutMember } from '@serve.zone/baseos-cloudly-handlers';
import type { ListColumns } from '../list/list-column.js';
import { formatShortWhen } from '../time/format-duration.js';
import { instant } from '../time/instant.js';

/** A member, and how people call its node. */
export interface NamedMember {
  member: RolloutMember;
  name: string;
}

export const memberColumns: ListColumns<NamedMember> = {
  shown: ['name', 'wave', 'state', 'why', 'since'],
  all: [
    { key: 'name', min: 12, text: ({ name }) => name },
    { key: 'wave', text: ({ member }) => String(member.wave + 1), value: ({ member }) => member.wave + 1 },
    { key: 'state', text: ({ member }) => member.state },
    {
      key: 'why',
      min: 12,
      isSentence: true,
      text: ({ member: { reason } }) => (reason === undefined ? '-' : memberWords[reason]),
      value: ({ member: { reason } }) => reason,
    },
    {
      key: 'since',
      text: ({ member: { sinceMs } }, nowMs) => formatShortWhen(sinceMs, nowMs),
      value: ({ member: { sinceMs } }) => instant(sinceMs),
    },
    { key: 'group', min: 8, text: ({ member: { group } }) => group || '-', value: ({ member: { group } }) => group },
    { key: 'offers', text: ({ member }) => String(member.offerCount), value: ({ member }) => member.offerCount },
    { key: 'failures', text: ({ member }) => String(member.failureCount), value: ({ member }) => member.failureCount },
    { key: 'command', text: ({ member }) => member.commandId ?? '-', value: ({ member }) => member.commandId },
    { key: 'id', text: ({ member }) => member.nodeId },
  ],
};
