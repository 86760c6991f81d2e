import { type FleetEventKind, fleetEventKinds } from '@serve.zone/baseos-cloudly-handlers';
import * as v from 'valibot';
import { answerWith } from '../route/answer.js';
import { fleetEvent } from '../schemas/event-schemas.js';
import { flag, text, wholeNumber } from '../schemas/parts.js';
import { fleetRoute } from './fleet-route.js';
import { limit } from './query-parts.js';

const answer = answerWith('events', v.array(fleetEvent));
const place = v.optional(wholeNumber);

/** Which events: the same of a list as of a stream. */
export const eventFilter = {
  nodeId: v.optional(text),
  kinds: v.optional(v.array(v.picklist(fleetEventKinds as [FleetEventKind, ...FleetEventKind[]]))),
  isAudit: v.optional(flag),
};

/** What happened. */
export const eventRoutes = {
  timeline: fleetRoute('timeline', {
    method: 'GET',
    path: '/nodes/{nodeId}/timeline',
    summary: 'Lists the events of a node since its registration, the newest first',
    query: { before: place, limit },
    answer,
    take: ({ params, query }) => [params.nodeId, query],
    give: (nodeId, query) => ({ params: { nodeId }, query: { before: query?.before, limit: query?.limit } }),
  }),
  listEvents: fleetRoute('listEvents', {
    method: 'GET',
    path: '/events',
    summary: 'Lists events: those after a position, the oldest first; else the newest first',
    query: { after: place, before: place, ...eventFilter, limit },
    answer,
    take: ({ query }) => [query],
    give: ({ kinds, ...query } = {}) => ({ query: { ...query, kinds: kinds?.slice() } }),
  }),
  eventsEpoch: fleetRoute('eventsEpoch', {
    method: 'GET',
    path: '/events/epoch',
    summary: 'Names the epoch of the events: positions of another epoch mean other events',
    answer: answerWith('epoch', text),
    take: () => [],
    give: () => ({}),
  }),
};
