import type { NodeRequest, NodeResponse } from './node-message.js';
import { requestBody } from './request-body.js';
import { type FetchHandler, serve } from './serve.js';

/**
 * Returns a promise for routers that wait for a listener: it resolves when the answer has been sent, and never rejects.
 * Its type hides that, because the servers of Node expect a listener that returns nothing.
 */
export type NodeListener = (incoming: NodeRequest, outgoing: NodeResponse) => unknown;

/**
 * A listener for the servers of `node:http`, `node:https` and `node:http2`, and a handler for a router that checks the
 * path itself. A body parser may have read the request's body. The incoming message is passed on as `info`, for {@link
 * clientAddress}.
 */
export function nodeListener(fetch: FetchHandler): NodeListener {
  return (incoming, outgoing) => serve(fetch, incoming, outgoing, requestBody(incoming));
}
