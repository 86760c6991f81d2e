import type { RequestHead } from './request-head.js';

/** A request of a server after its body was read. */
export interface WholeRequest extends RequestHead {
  /** Unparsed: text, or bytes such as the result of `readBoundedBody`. Absent if there was none. */
  body: string | Uint8Array | null | undefined;
}

/** The body of a request alone, as text or as bytes, or a whole request. */
export type RequestInput = string | Uint8Array | WholeRequest;

/**
 * Tells a body from a whole request.
 *
 * @throws TypeError for what is neither, with what to give instead.
 */
export function isBody(request: RequestInput): request is string | Uint8Array {
  if (isTextOrBytes(request)) return true;
  if (!isObject(request) || !('method' in request && 'headers' in request)) {
    throw new TypeError(`Text, bytes, or a request with method, headers and body must be given: ${mistakeOf(request)}`);
  }
  if (!('body' in request)) {
    throw new TypeError('The request has no body: read it first, and give { method, headers, body: bytes }');
  }
  const { body } = request;
  if (body === undefined || body === null || isTextOrBytes(body)) return false;
  throw new TypeError(`The body of the request must be text or bytes: ${mistakeOf(body)}`);
}

/** Also where the bytes come from another realm. */
function isTextOrBytes(value: unknown): value is string | Uint8Array {
  if (typeof value === 'string' || value instanceof Uint8Array) return true;
  return Object.prototype.toString.call(value) === '[object Uint8Array]';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function mistakeOf(value: unknown): string {
  if (!isObject(value)) return `this is ${typeof value === 'object' ? 'null' : typeof value}`;
  if ('then' in value && typeof value.then === 'function') return 'this is a promise; await it first';
  if (Symbol.asyncIterator in value || ('getReader' in value && typeof value.getReader === 'function')) {
    return 'this is a stream; give what readBoundedBody makes of it';
  }
  if (ArrayBuffer.isView(value) || isArrayBuffer(value)) return 'give a Uint8Array of these bytes';
  if ('arrayBuffer' in value) return 'this has not been read yet; give a Uint8Array of its bytes';
  return 'this has already been parsed; give the body as it came, before any JSON parser';
}

/** Also one that is shared, and one of another realm. */
function isArrayBuffer(value: object): boolean {
  return ['[object ArrayBuffer]', '[object SharedArrayBuffer]'].includes(Object.prototype.toString.call(value));
}
