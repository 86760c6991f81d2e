import type { NodeRequest } from './node-message.js';

export type RequestBody =
  | { kind: 'unread' }
  /** As a body parser left it. */
  | { kind: 'read'; text: string | Uint8Array<ArrayBuffer> }
  /** Larger than the contract allows, and so not kept by the body parser. */
  | { kind: 'too-large' }
  /** Other code in front has read it, and left nothing. */
  | { kind: 'lost' };

/** The places where a body parser in front leaves the body. */
interface ParsedMessage extends NodeRequest {
  body?: unknown;
  /** Left by many applications in the parser's option `verify`. */
  rawBody?: unknown;
  /** Set by the body parser of Express 4 if it has parsed a body, and not only left an empty object. */
  _body?: unknown;
}

/** The body of a request, with or without a body parser in front. */
export function requestBody(incoming: NodeRequest): RequestBody {
  if (incoming.readableDidRead) return parsedBody(incoming);
  // A listener for 'readable' will consume the chunks.
  const isAwaited = incoming.listenerCount('readable') > 0;
  return { kind: isAwaited ? 'lost' : 'unread' };
}

function parsedBody(incoming: ParsedMessage): RequestBody {
  const { rawBody, body } = incoming;
  const whole = <Text extends string | Uint8Array>(text: Text | undefined): Text | undefined =>
    text !== undefined && isWhatCame(text, incoming) ? text : undefined;
  const text = whole(rawText(rawBody)) ?? whole(rawText(body)) ?? whole(jsonText(body));
  return text === undefined ? { kind: 'lost' } : { kind: 'read', text };
}

function rawText(body: unknown): string | Uint8Array<ArrayBuffer> | undefined {
  if (typeof body === 'string') return body;
  return body instanceof Uint8Array ? Uint8Array.from(body) : undefined;
}

function jsonText(body: unknown): string | undefined {
  if (typeof body === 'string' || body instanceof Uint8Array) return undefined;
  try {
    const text: string | undefined = JSON.stringify(body);
    return text !== undefined && JSON_AS_A_FORM.test(text) ? undefined : text;
  } catch {
    return NO_MESSAGE;
  }
}

/** If it was read as a form, the message is the name of a field. */
const JSON_AS_A_FORM = /^\{"(?:\s|\\[nrt])*[{[]/;

/** For values that JSON cannot express, or that are nested too deeply to be written. */
const NO_MESSAGE = 'not JSON';

/**
 * A parser also leaves an empty value if it has read nothing: only the length, or the parser's mark, distinguishes the
 * two.
 */
function isWhatCame(text: string | Uint8Array, { headers, _body }: ParsedMessage): boolean {
  const isEmpty = text.length === 0 || (typeof text === 'string' && emptyValues.has(text));
  return !isEmpty || _body === true || headers['content-length'] === String(text.length);
}

const emptyValues: ReadonlySet<string> = new Set(['{}', '[]', 'null']);
