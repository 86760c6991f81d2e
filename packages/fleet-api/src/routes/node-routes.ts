import { type CountField, countFields, formatSort, parseSort } from '@serve.zone/baseos-cloudly-handlers';
import * as v from 'valibot';
import { answerOf, answerWith } from '../route/answer.js';
import { formatCursor, parseCursor } from '../route/cursor-text.js';
import { historySlot } from '../schemas/fleet-schemas.js';
import { fleetNode, fleetSummary, liveNode, nodeCount, nodeDetails, valueCount } from '../schemas/node-schemas.js';
import { text, wholeNumber } from '../schemas/parts.js';
import { fleetRoute } from './fleet-route.js';
import { pageAnswer } from './page-answer.js';
import { limit, selector, selectorText, sort } from './query-parts.js';

function isCountField(field: string): field is CountField {
  return field.startsWith('label.') || countFields.some((known) => known === field);
}

/** What operators read of the nodes. */
export const nodeRoutes = {
  summary: fleetRoute('summary', {
    method: 'GET',
    path: '/summary',
    summary: 'Counts the nodes in each state',
    answer: answerOf(fleetSummary),
    take: () => [],
    give: () => ({}),
  }),
  listNodes: fleetRoute('listNodes', {
    method: 'GET',
    path: '/nodes',
    summary: 'Lists nodes',
    query: {
      selector,
      sort,
      after: v.optional(
        v.pipe(
          text,
          v.check((word) => parseCursor(word) !== undefined, 'cursor'),
        ),
      ),
      limit,
    },
    answer: pageAnswer,
    take({ query: { sort: by, after, ...query } }) {
      return [
        {
          ...query,
          ...(by !== undefined && { sort: parseSort(by) }),
          ...(after !== undefined && { after: parseCursor(after) }),
        },
      ];
    },
    give: ({ sort: by, after, ...query } = {}) => ({
      query: {
        selector: selectorText(query.selector),
        sort: by && formatSort(by),
        after: after && formatCursor(after),
        limit: query.limit,
      },
    }),
  }),
  countNodes: fleetRoute('countNodes', {
    method: 'GET',
    path: '/node-count',
    summary: 'Counts nodes',
    query: { selector, max: v.optional(wholeNumber) },
    answer: answerOf(nodeCount),
    take: ({ query }) => [query],
    give: (query) => ({ query: { selector: selectorText(query?.selector), max: query?.max } }),
  }),
  countBy: fleetRoute('countBy', {
    method: 'GET',
    path: '/node-counts',
    summary: 'Counts the nodes that have each value of a field',
    query: { by: v.pipe(text, v.check(isCountField, 'count-field')), selector, limit },
    answer: answerWith('counts', v.array(valueCount)),
    take: ({ query: { by, ...query } }) => [by as CountField, query],
    give: (by, query) => ({ query: { by, selector: selectorText(query?.selector), limit: query?.limit } }),
  }),
  resolveNode: fleetRoute('resolveNode', {
    method: 'GET',
    path: '/node-named',
    summary: 'Finds the one node that a text means',
    query: { text },
    answer: answerOf(fleetNode),
    take: ({ query }) => [query.text],
    give: (named) => ({ query: { text: named } }),
  }),
  liveNodes: fleetRoute('liveNodes', {
    method: 'GET',
    path: '/nodes/live',
    summary: 'Shows how up to 100 nodes stand at this moment, by their IDs',
    query: { ids: v.array(text) },
    answer: answerWith('nodes', v.array(liveNode)),
    take: ({ query }) => [query.ids],
    give: (nodeIds) => ({ query: { ids: nodeIds.slice() } }),
  }),
  getNode: fleetRoute('getNode', {
    method: 'GET',
    path: '/nodes/{nodeId}',
    summary: 'Shows all that is known about a node',
    answer: answerOf(nodeDetails, { revisionOf: ({ profile }) => profile.revision }),
    take: ({ params }) => [params.nodeId],
    give: (nodeId) => ({ params: { nodeId } }),
  }),
  history: fleetRoute('history', {
    method: 'GET',
    path: '/nodes/{nodeId}/history',
    summary: 'Lists what the heartbeats of a node have said over time',
    query: { resolution: v.picklist(['detail', 'hours']) },
    answer: answerWith('slots', v.array(historySlot)),
    take: ({ params, query }) => [params.nodeId, query.resolution],
    give: (nodeId, resolution) => ({ params: { nodeId }, query: { resolution } }),
  }),
  labelKeys: fleetRoute('labelKeys', {
    method: 'GET',
    path: '/label-keys',
    summary: 'Lists the keys of labels',
    query: { limit },
    answer: answerWith('counts', v.array(valueCount)),
    take: ({ query }) => [query.limit],
    give: (max) => ({ query: { limit: max } }),
  }),
  labelValues: fleetRoute('labelValues', {
    method: 'GET',
    path: '/label-values',
    summary: 'Lists the values of a label',
    query: { key: text, limit },
    answer: answerWith('counts', v.array(valueCount)),
    take: ({ query }) => [query.key, query.limit],
    give: (key, max) => ({ query: { key, limit: max } }),
  }),
};
