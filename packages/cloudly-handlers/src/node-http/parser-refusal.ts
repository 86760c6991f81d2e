import { limits } from '@serve.zone/baseos-contracts';
import type { NodeRequest } from './node-message.js';
import type { RequestBody } from './request-body.js';

/** What an error of Express' body parser tells. */
interface ParserError {
  type?: unknown;
  /** What the parser could not parse. */
  body?: unknown;
  /** How many bytes the parser takes. */
  limit?: unknown;
}

/**
 * What the handlers are to judge in the place of a body that a parser in front has refused; `undefined` when the error is
 * none that the contract has an answer to.
 */
export function parserRefusal(error: unknown, incoming: NodeRequest): RequestBody | undefined {
  const { type, body, limit }: ParserError = typeof error === 'object' && error !== null ? error : {};
  if (type === 'entity.parse.failed' && typeof body === 'string') return { kind: 'read', text: body };
  // A parser that takes less than the contract allows is a mistake of the server, not of the node.
  if (type === 'entity.too.large' && Number(limit) >= limits.bodyMaxBytes) return { kind: 'too-large' };
  // Something in front of the parser was at the body.
  if (typeof type === 'string' && takenTypes.has(type)) return { kind: 'lost' };
  // The handlers see by the headers why.
  if (type === 'charset.unsupported' || 'content-encoding' in incoming.headers) return { kind: 'read', text: '' };
  return undefined;
}

const takenTypes: ReadonlySet<string> = new Set([
  'stream.not.readable',
  'stream.encoding.set',
  // Node lets a message of another length than the announced one through to nobody.
  'request.size.invalid',
]);
