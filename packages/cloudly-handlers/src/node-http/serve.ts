import type { NodeRequest, NodeResponse } from './node-message.js';
import type { RequestBody } from './request-body.js';
import { sendResponse } from './send-response.js';
import { toRequest } from './to-request.js';

/** `fetch`, `register` or `heartbeat` of the handlers. */
export type FetchHandler = (request: Request, info?: unknown) => Promise<Response>;

/** Answers a request. What no web-standard request can be is answered with 400 and nothing more. Never rejects. */
export async function serve(
  fetch: FetchHandler,
  incoming: NodeRequest,
  outgoing: NodeResponse,
  body: RequestBody,
  info: unknown = incoming,
): Promise<void> {
  try {
    const request = toRequest(incoming, body);
    const response = request ? await fetch(request, info) : new Response(null, { status: 400 });
    await sendResponse(response, incoming, outgoing);
  } catch {
    // Somebody else has answered meanwhile, or `fetch` is none of the handlers': there is nothing left to say.
    outgoing.destroy();
  }
}
