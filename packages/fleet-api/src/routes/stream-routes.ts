import type { EventFilter } from '@serve.zone/baseos-cloudly-handlers';
import * as v from 'valibot';
import type { Answer } from '../route/answer.js';
import { routesOf } from '../route/route.js';
import { text } from '../schemas/parts.js';
import { eventFilter } from './event-routes.js';

export interface StreamQuery extends EventFilter {
  after?: string | undefined;
}

/** What is answered bit by bit. */
export interface Streams {
  followEvents(query: StreamQuery): Promise<ReadableStream<Uint8Array>>;
}

const eventStream: Answer<ReadableStream<Uint8Array>> = {
  status: 200,
  mediaType: 'text/event-stream',
  schema: undefined,
  tell: (stream) => stream,
  hear: (stream) => stream as ReadableStream<Uint8Array>,
};

export const streamRoutes = {
  followEvents: routesOf<Streams>()('followEvents', {
    method: 'GET',
    path: '/events/stream',
    summary: 'Sends events as they happen, and those after `Last-Event-ID` or `after` before',
    query: {
      after: v.optional(text),
      ...eventFilter,
    },
    answer: eventStream,
    take: ({ query }) => [query],
    give: ({ kinds, ...query }) => ({ query: { ...query, kinds: kinds?.slice() } }),
  }),
};
