import {
  type FleetPage,
  formatSelector,
  formatSort,
  parseSort,
  type SelectorInput,
} from '@serve.zone/baseos-cloudly-handlers';
import * as v from 'valibot';
import { answerOf, type Answer } from '../route/answer.js';
import { formatCursor, parseCursor } from '../route/cursor-text.js';
import { fleetNode, fleetSummary, nodeDetails } from '../schemas/node-schemas.js';
import { text, wholeNumber } from '../schemas/parts.js';
import { fleetRoute } from './fleet-route.js';

const page: Answer<FleetPage> = {
  status: 200,
  schema: v.object({ nodes: v.array(fleetNode), next: v.exactOptional(text) }),
  tell: ({ nodes, next }) => ({ nodes, ...(next && { next: formatCursor(next) }) }),
  hear(body) {
    const { nodes, next } = body as Pick<FleetPage, 'nodes'> & { next?: string };
    const cursor = next === undefined ? undefined : parseCursor(next);
    return { nodes, ...(cursor && { next: cursor }) };
  },
};

const selector = v.optional(text);
const limit = v.optional(wholeNumber);

function selectorText(input: SelectorInput | undefined): string | undefined {
  return typeof input === 'object' ? formatSelector(input) : input;
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
      sort: v.optional(
        v.pipe(
          text,
          v.check((word) => parseSort(word) !== undefined, 'sort'),
        ),
      ),
      after: v.optional(
        v.pipe(
          text,
          v.check((word) => parseCursor(word) !== undefined, 'cursor'),
        ),
      ),
      limit,
    },
    answer: page,
    take({ query: { sort, after, ...query } }) {
      return [
        {
          ...query,
          ...(sort !== undefined && { sort: parseSort(sort) }),
          ...(after !== undefined && { after: parseCursor(after) }),
        },
      ];
    },
    give: ({ selector: selected, sort, after, limit: max } = {}) => ({
      query: {
        selector: selectorText(selected),
        sort: sort && formatSort(sort),
        after: after && formatCursor(after),
        limit: max,
      },
    }),
  }),
  getNode: fleetRoute('getNode', {
    method: 'GET',
    path: '/nodes/{nodeId}',
    summary: 'Shows all that is known about a node',
    answer: answerOf(nodeDetails, { revisionOf: ({ profile }) => profile.revision }),
    take: ({ params }) => [params.nodeId],
    give: (nodeId) => ({ params: { nodeId } }),
  }),
};
