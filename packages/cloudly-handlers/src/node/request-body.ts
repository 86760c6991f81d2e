import type { IncomingMessage } from 'node:http';
import { unreadBody } from './unread-body.js';

export type RequestBody =
  | { kind: 'unread'; stream: ReadableStream<Uint8Array> }
  /** As a body parser left it. */
  | { kind: 'read'; text: string | Uint8Array<ArrayBuffer> }
  /** Larger than the contract allows, and so not kept by the body parser. */
  | { kind: 'too-large' }
  /** Somebody in front has read it, and left nothing. */
  | { kind: 'lost' };

/** Where a body parser in front leaves what it has read. */
interface ParsedMessage extends IncomingMessage {
  body?: unknown;
  /** Left by many applications in the parser's option `verify`. */
  rawBody?: unknown;
}

/** The body of a request, whether a body parser has been there before or not. */
export const requestBody = (incoming: IncomingMessage): RequestBody => {
  if (!incoming.readableDidRead) {
    // A parser makes an empty object of an empty body.
    return incoming.readableEnded ? { kind: 'read', text: '' } : { kind: 'unread', stream: unreadBody(incoming) };
  }
  const { rawBody, body }: ParsedMessage = incoming;
  const text = rawText(rawBody) ?? rawText(body) ?? jsonText(body);
  return text === undefined ? { kind: 'lost' } : { kind: 'read', text };
};

const rawText = (body: unknown): string | Uint8Array<ArrayBuffer> | undefined => {
  if (typeof body === 'string') return body;
  return body instanceof Uint8Array ? Uint8Array.from(body) : undefined;
};

/** What JSON cannot say, or is nested too deeply to be written, is no message: the empty text says so. */
const jsonText = (body: unknown): string | undefined => {
  try {
    return JSON.stringify(body);
  } catch {
    return '';
  }
};
