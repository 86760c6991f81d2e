import { endpoints, wakeEndpoint } from '@serve.zone/baseos-contracts';
import { nodeListener } from './node-listener.js';
import type { FetchHandler } from './serve.js';
import type { NodeRequest, NodeResponse } from './node-message.js';
import { parserRefusal } from './parser-refusal.js';
import { requestTarget } from './request-target.js';
import { serve } from './serve.js';

export type Middleware = (request: NodeRequest, response: NodeResponse, next: (error?: unknown) => void) => void;

export type ErrorMiddleware = (
  error: unknown,
  request: NodeRequest,
  response: NodeResponse,
  next: (error?: unknown) => void,
) => void;

/**
 * For `app.use` of Express 4 and 5, under any mount path, before or after `express.json({ limit: '256kb' })`. Answers
 * the endpoints, even if the body parser has rejected the body, and leaves everything else to the application.
 */
export function expressMiddleware(fetch: FetchHandler): [Middleware, ErrorMiddleware] {
  const listener = nodeListener(fetch);
  return [
    (request, response, next) => (isEndpoint(request) ? void listener(request, response) : next()),
    // Express recognises error handlers by their four parameters.
    (error, request, response, next) => {
      const body = isEndpoint(request) && !response.headersSent ? parserRefusal(error, request) : undefined;
      if (body) void serve(fetch, request, response, body);
      else next(error);
    },
  ];
}

function isEndpoint(request: NodeRequest): boolean {
  const pathname = requestTarget(request)?.pathname ?? '';
  return [...Object.values(endpoints), wakeEndpoint].some(({ path }) => pathname.endsWith(path));
}
