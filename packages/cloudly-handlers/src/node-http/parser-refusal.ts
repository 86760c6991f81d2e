import { limits } from '@serve.zone/baseos-contracts';
import type { NodeRequest } from './node-message.js';
import type { RequestBody } from './request-body.js';

/** The content of an error of Express' body parser. */
interface ParserError {
  type?: unknown;
  /** What the parser could not parse. */
  body?: unknown;
  /** How many bytes the parser accepts. */
  limit?: unknown;
}

/**
 * What the handlers judge instead of a body that a parser in front has rejected; `undefined` if the contract has no
 * answer to the error.
 */
export function parserRefusal(error: unknown, incoming: NodeRequest): RequestBody | undefined {
  const { type, body, limit }: ParserError = typeof error === 'object' && error !== null ? error : {};
  if (type === 'entity.parse.failed' && typeof body === 'string') return { kind: 'read', text: body };
  // A parser with a lower limit than the contract is a mistake of the server, not of the node.
  if (type === 'entity.too.large' && Number(limit) >= limits.bodyMaxBytes) return { kind: 'too-large' };
  // Other code in front of the parser has read from the body.
  if (typeof type === 'string' && takenTypes.has(type)) return { kind: 'lost' };
  // The headers show the handlers why.
  if (type === 'charset.unsupported' || 'content-encoding' in incoming.headers) return { kind: 'read', text: '' };
  return undefined;
}

const takenTypes: ReadonlySet<string> = new Set([
  'stream.not.readable',
  'stream.encoding.set',
  // Node delivers no message whose length differs from the announced one.
  'request.size.invalid',
]);
