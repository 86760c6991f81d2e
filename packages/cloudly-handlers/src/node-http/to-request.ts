import { limits } from '@serve.zone/baseos-contracts';
import type { NodeRequest } from './node-message.js';
import { headersOf } from './request-headers.js';
import type { RequestBody } from './request-body.js';
import { requestTarget } from './request-target.js';
import { unreadBody } from './unread-body.js';

/**
 * The request for the handlers; `undefined` if it cannot be a web-standard one, such as with the method TRACE.
 *
 * @param signal for a request without a body: aborts when the client has gone
 */
export function toRequest(incoming: NodeRequest, body: RequestBody, signal?: AbortSignal): Request | undefined {
  const { method = 'GET' } = incoming;
  const url = requestTarget(incoming);
  if (!url) return undefined;
  try {
    const headers = headersOf(incoming);
    return method === 'GET' || method === 'HEAD'
      ? new Request(url, { method, headers, signal: signal ?? null })
      : withBody(url, { method, headers }, body, incoming);
  } catch {
    return undefined;
  }
}

function withBody(
  url: URL,
  init: { method: string; headers: Headers },
  body: RequestBody,
  incoming: NodeRequest,
): Request {
  if (body.kind === 'unread') return new Request(url, { ...init, body: unreadBody(incoming), duplex: 'half' });
  if (body.kind === 'read') return new Request(url, { ...init, body: body.text });
  if (body.kind === 'lost') return usedUp(new Request(url, { ...init, body: '' }));
  init.headers.set('content-length', String(limits.bodyMaxBytes + 1));
  return new Request(url, init);
}

/** The handlers report to `onError` that other code has read the body. */
function usedUp(request: Request): Request {
  void request.text();
  return request;
}
