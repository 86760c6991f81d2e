import type { Actor } from '@serve.zone/baseos-cloudly-handlers';
import type { ListColumns } from '../list/list-column.js';
import { formatAgo, formatShortDuration } from '../time/format-duration.js';
import { instant } from '../time/instant.js';
import { describeFleetEvent } from './describe-fleet-event.js';
import type { NamedEvent } from './named-event.js';

export const eventColumns: ListColumns<NamedEvent> = {
  shown: ['when', 'node', 'what', 'who'],
  all: [
    {
      key: 'when',
      text: ({ event }, nowMs) => formatAgo(event.atMs, nowMs, formatShortDuration),
      full: ({ event }) => instant(event.atMs),
    },
    { key: 'node', min: 10, text: nodeOf, value: nodeOf },
    { key: 'what', min: 20, isSentence: true, text: ({ event }) => describeFleetEvent(event) },
    { key: 'who', min: 8, text: ({ event }) => shortActor(event.actor), full: ({ event }) => event.actor },
    { key: 'kind', text: ({ event }) => event.kind },
    { key: 'node-id', min: 8, text: ({ event }) => event.nodeId ?? '' },
    { key: 'position', text: ({ event }) => String(event.position) },
  ],
};

function nodeOf({ event, nodeName }: NamedEvent): string {
  return nodeName ?? event.nodeId ?? '-';
}

/** The node itself is named beside. */
function shortActor(actor: Actor): string {
  return actor.startsWith('node:') ? 'node' : actor;
}
