import type { IncomingMessage, ServerResponse } from 'node:http';
import { requestBody } from './request-body.js';
import { serve } from './serve.js';

/** `fetch`, `register` or `heartbeat` of the handlers. */
export type FetchHandler = (request: Request, info?: unknown) => Promise<Response>;

export type NodeListener = (incoming: IncomingMessage, outgoing: ServerResponse) => void;

/**
 * A listener for `createServer` of `node:http` and `node:https`, and a handler for a router that goes by the path itself.
 * The request's body may have been read by a body parser. The incoming message is handed on as `info`, for
 * {@link clientAddress}.
 */
export const nodeListener =
  (fetch: FetchHandler): NodeListener =>
  (incoming, outgoing) =>
    void serve(fetch, incoming, outgoing, requestBody(incoming));
