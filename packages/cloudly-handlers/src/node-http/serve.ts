import type { NodeRequest, NodeResponse } from './node-message.js';
import type { RequestBody } from './request-body.js';
import { sendResponse } from './send-response.js';
import { toRequest } from './to-request.js';

/** `fetch`, `register` or `heartbeat` of the handlers. */
export type FetchHandler = (request: Request, info?: unknown) => Promise<Response>;

/** Answers a request. A request that cannot be a web-standard one is answered with only a 400. Never rejects. */
export async function serve(
  fetch: FetchHandler,
  incoming: NodeRequest,
  outgoing: NodeResponse,
  body: RequestBody,
  info: unknown = incoming,
): Promise<void> {
  try {
    const request = toRequest(incoming, body, incoming.method === 'GET' ? whenClosed(outgoing) : undefined);
    const response = request ? await fetch(request, info) : new Response(null, { status: 400 });
    await sendResponse(response, incoming, outgoing);
  } catch {
    // Other code has already answered, or `fetch` is not one of the handlers: nothing more can be sent.
    outgoing.destroy();
  }
}

function whenClosed(outgoing: NodeResponse): AbortSignal {
  const closed = new AbortController();
  outgoing.once('close', () => closed.abort());
  return closed.signal;
}
