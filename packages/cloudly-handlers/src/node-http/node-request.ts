import { limits } from '@serve.zone/baseos-contracts';
import type { SeenRequest, ServedBody, ServedRequest } from '../messages/served-request.js';
import { READ_BEFORE, TakenBodyError } from '../messages/taken-body.js';
import type { NodeRequest, NodeResponse } from './node-message.js';
import { readNodeBody } from './read-node-body.js';
import type { RequestBody } from './request-body.js';
import { headerOf, headersOf } from './request-headers.js';
import { requestPath, requestTarget } from './request-target.js';

/** A message of Node for the handlers; `undefined` if it could not be a web-standard request, such as with the method TRACE. */
export function nodeRequest(
  incoming: NodeRequest,
  outgoing: NodeResponse,
  body: RequestBody,
  info: unknown,
): ServedRequest | undefined {
  const method = methodOf(incoming);
  const path = requestPath(incoming);
  if (method === undefined || path === undefined) return undefined;
  // No data may pass before it is asked for.
  if (body.kind === 'unread' && incoming.readableFlowing === true) incoming.pause();
  return {
    method,
    path,
    headers: {
      get: (name) => (body.kind === 'too-large' && name === 'content-length' ? TOO_MUCH : headerOf(incoming, name)),
    },
    info,
    see: () => seen(incoming, method),
    async readBody(timeoutMs): Promise<ServedBody> {
      if (body.kind === 'unread') return readNodeBody(incoming, timeoutMs);
      if (body.kind === 'read') return { ok: true, bytes: bytesOf(body.text), wasHeld: false };
      throw new TakenBodyError({ method, path }, READ_BEFORE, info);
    },
    onGone(listener) {
      if (outgoing.destroyed) listener();
      else outgoing.once('close', listener);
      return () => void outgoing.off('close', listener);
    },
  };
}

const TOO_MUCH = String(limits.bodyMaxBytes + 1);

function bytesOf(text: string | Uint8Array): Uint8Array {
  return typeof text === 'string' ? new TextEncoder().encode(text) : text;
}

/** As web-standard requests write the methods that they know; `undefined` for those that they do not allow. */
function methodOf({ method = 'GET' }: NodeRequest): string | undefined {
  if (method === 'POST' || method === 'GET') return method;
  const inCapitals = method.toUpperCase();
  if (forbiddenMethods.has(inCapitals)) return undefined;
  return normalizedMethods.has(inCapitals) ? inCapitals : method;
}

/** https://fetch.spec.whatwg.org/#methods */
const forbiddenMethods: ReadonlySet<string> = new Set(['CONNECT', 'TRACE', 'TRACK']);
const normalizedMethods: ReadonlySet<string> = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT']);

/** What few applications look at is made when they do. */
function seen(incoming: NodeRequest, method: string): SeenRequest {
  let headers: Headers | undefined;
  return {
    method,
    get url() {
      return requestTarget(incoming)?.href ?? '';
    },
    get headers() {
      return (headers ??= headersOf(incoming));
    },
  };
}
