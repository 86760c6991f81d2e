import type { FleetPage } from '@serve.zone/baseos-cloudly-handlers';
import * as v from 'valibot';
import type { Answer } from '../route/answer.js';
import { formatCursor, parseCursor } from '../route/cursor-text.js';
import { fleetNode } from '../schemas/node-schemas.js';
import { text } from '../schemas/parts.js';

/** A page of nodes, with its end as a word for the next request. */
export const pageAnswer: Answer<FleetPage> = {
  status: 200,
  schema: v.object({ nodes: v.array(fleetNode), next: v.exactOptional(text) }),
  tell: ({ nodes, next }) => ({ nodes, ...(next && { next: formatCursor(next) }) }),
  hear(body) {
    const { nodes, next } = body as Pick<FleetPage, 'nodes'> & { next?: string };
    const cursor = next === undefined ? undefined : parseCursor(next);
    return { nodes, ...(cursor && { next: cursor }) };
  },
};
