import type { NodeRequest, NodeResponse } from './node-message.js';
import { requestBody } from './request-body.js';
import { type FetchHandler, serve } from './serve.js';

/**
 * Returns a promise for routers that wait for a listener: it resolves when the answer is on its way, and never rejects. Its
 * type says nothing of that, since the servers of Node want a listener that returns nothing.
 */
export type NodeListener = (incoming: NodeRequest, outgoing: NodeResponse) => unknown;

/**
 * A listener for the servers of `node:http`, `node:https` and `node:http2`, and a handler for a router that goes by the path
 * itself. The request's body may have been read by a body parser. The incoming message is handed on as `info`, for
 * {@link clientAddress}.
 */
export function nodeListener(fetch: FetchHandler): NodeListener {
  return (incoming, outgoing) => serve(fetch, incoming, outgoing, requestBody(incoming));
}
