import { describeRollout, memberCountOf, countAllMembers, type Rollout } from '@serve.zone/baseos-cloudly-handlers';
import type { ListColumns } from '../list/list-column.js';
import { nameCommand } from '../output/describe-command.js';
import { formatShortWhen } from '../time/format-duration.js';
import { instant } from '../time/instant.js';

export const rolloutColumns: ListColumns<Rollout> = {
  shown: ['name', 'command', 'nodes', 'stands', 'by', 'created'],
  all: [
    { key: 'name', min: 12, text: ({ name }) => name },
    { key: 'command', min: 12, text: ({ command }) => nameCommand(command) },
    {
      key: 'nodes',
      text: ({ counts }) => String(memberCountOf(countAllMembers(counts))),
      value: ({ counts }) => memberCountOf(countAllMembers(counts)),
    },
    { key: 'state', text: ({ state }) => state },
    { key: 'stands', min: 16, isSentence: true, text: describeRollout, value: ({ state }) => state },
    {
      key: 'selector',
      min: 12,
      isSentence: true,
      text: ({ selector }) => selector || '-',
      value: ({ selector }) => selector,
    },
    { key: 'by', min: 8, text: ({ createdBy }) => createdBy },
    {
      key: 'created',
      text: ({ createdAtMs }, nowMs) => formatShortWhen(createdAtMs, nowMs),
      value: ({ createdAtMs }) => instant(createdAtMs),
    },
    { key: 'id', text: ({ id }) => id },
  ],
};
