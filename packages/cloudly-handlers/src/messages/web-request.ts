import { readWebBody } from './read-web-body.js';
import type { ServedBody, ServedRequest } from './served-request.js';
import { demandBody } from './taken-body.js';

/** A web-standard request for the handlers. */
export function webRequest(request: Request, info?: unknown): ServedRequest {
  const { method, headers } = request;
  return {
    method,
    path: URL.parse(request.url)?.pathname ?? '',
    headers,
    info,
    see: () => request,
    async readBody(timeoutMs): Promise<ServedBody> {
      demandBody(request, info);
      return request.body
        ? readWebBody(request.body, timeoutMs)
        : { ok: true, bytes: new Uint8Array(), wasHeld: false };
    },
    onGone(listener) {
      const { signal } = request;
      if (signal.aborted) listener();
      else signal.addEventListener('abort', listener, { once: true });
      return () => signal.removeEventListener('abort', listener);
    },
  };
}
