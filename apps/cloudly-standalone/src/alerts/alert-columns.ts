import type { ShownAlert } from '@serve.zone/baseos-cloudly-handlers';
import { formatLabels } from '@serve.zone/baseos-cloudly-handlers';
import type { ListColumns } from '../list/list-column.js';
import { formatAgo, formatShortDuration, formatShortWhen } from '../time/format-duration.js';
import { instant } from '../time/instant.js';
import { aboutAlert } from './describe-alert.js';

export const alertColumns: ListColumns<ShownAlert> = {
  shown: ['urgency', 'kind', 'about', 'since', 'note'],
  all: [
    { key: 'urgency', text: ({ urgency }) => urgency },
    { key: 'kind', text: ({ kind }) => kind },
    { key: 'about', min: 12, text: aboutAlert },
    {
      key: 'since',
      text: ({ sinceMs }, nowMs) => formatAgo(sinceMs, nowMs, formatShortDuration),
      value: ({ sinceMs }) => instant(sinceMs),
    },
    {
      key: 'note',
      min: 12,
      isSentence: true,
      text: noteOf,
      value: ({ snooze }) => snooze?.note,
    },
    {
      key: 'snoozed',
      text: ({ snooze }, nowMs) => (snooze ? formatShortWhen(snooze.untilMs, nowMs) : '-'),
      value: ({ snooze }) => snooze && instant(snooze.untilMs),
    },
    { key: 'by', min: 8, text: ({ snooze }) => snooze?.by ?? '-', value: ({ snooze }) => snooze?.by },
    {
      key: 'maintenance',
      text: ({ maintenanceUntilMs }, nowMs) =>
        maintenanceUntilMs === undefined ? '-' : formatShortWhen(maintenanceUntilMs, nowMs),
      value: ({ maintenanceUntilMs }) => maintenanceUntilMs && instant(maintenanceUntilMs),
    },
    {
      key: 'opened',
      text: ({ openedAtMs }, nowMs) => formatAgo(openedAtMs, nowMs, formatShortDuration),
      value: ({ openedAtMs }) => instant(openedAtMs),
    },
    {
      key: 'closes',
      text: ({ closesAtMs }, nowMs) => (closesAtMs === undefined ? '-' : formatShortWhen(closesAtMs, nowMs)),
      value: ({ closesAtMs }) => closesAtMs && instant(closesAtMs),
    },
    { key: 'node-id', min: 8, text: ({ node }) => node?.nodeId ?? '' },
    { key: 'node-count', text: ({ node, group }) => String(group?.nodeCount ?? (node ? 1 : 0)) },
    { key: 'labels', min: 12, text: ({ node }) => formatLabels(node?.labels ?? {}) },
    { key: 'remedy', min: 20, isSentence: true, text: ({ remedy }) => remedy },
    { key: 'id', text: ({ id }) => id },
  ],
};

/** Why nobody needs to look at it now. */
function noteOf({ snooze, maintenanceUntilMs, closesAtMs }: ShownAlert, nowMs: number): string {
  if (snooze) {
    const note = snooze.note === undefined ? '' : `: ${snooze.note}`;
    return `snoozed by ${snooze.by}, ${formatShortWhen(snooze.untilMs, nowMs)}${note}`;
  }
  if (maintenanceUntilMs !== undefined) return `in maintenance, ends ${formatShortWhen(maintenanceUntilMs, nowMs)}`;
  return closesAtMs === undefined ? '' : `closes ${formatShortWhen(closesAtMs, nowMs)}`;
}
