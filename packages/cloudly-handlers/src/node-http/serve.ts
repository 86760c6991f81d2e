import { directAnswerOf } from '../messages/direct-answer.js';
import type { ServedAnswer } from '../messages/served-answer.js';
import { cutOff } from './cut-off.js';
import type { NodeRequest, NodeResponse } from './node-message.js';
import { nodeRequest } from './node-request.js';
import type { RequestBody } from './request-body.js';
import { sendAnswer } from './send-answer.js';
import { sendResponse } from './send-response.js';
import { toRequest } from './to-request.js';

/** `fetch`, `register` or `heartbeat` of the handlers, or another function with a response, whose body may be a stream. */
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
    const direct = directAnswerOf(fetch);
    if (direct) {
      const request = nodeRequest(incoming, outgoing, body, info);
      sendAnswer(request ? await direct(request) : refused, incoming, outgoing);
      return;
    }
    const gone = whenClosed(outgoing);
    const request = toRequest(incoming, body, incoming.method === 'GET' ? gone : undefined);
    if (request) await sendResponse(await fetch(request, info), { incoming, outgoing, gone });
    else sendAnswer(refused, incoming, outgoing);
  } catch {
    // Other code has already answered, or `fetch` is not one of the handlers: nothing more can be sent.
    cutOff(outgoing);
  }
}

const refused: ServedAnswer = { status: 400, headers: {}, body: '' };

function whenClosed(outgoing: NodeResponse): AbortSignal {
  const closed = new AbortController();
  if (outgoing.destroyed) closed.abort();
  else outgoing.once('close', () => closed.abort());
  return closed.signal;
}
