import { limits } from '../protocol/limits.js';
import { headerOf, type RequestHeaders } from './request-headers.js';

/**
 * The token of an Authorization header with the scheme Bearer (RFC 6750, 2.1), a join token or a node token. `undefined`
 * where there is no such header, or anything but one token in it.
 *
 * @throws TypeError for what are no headers.
 */
export function bearerOf(headers: RequestHeaders): string | undefined {
  const { token } = bearer.exec(headerOf(headers, 'authorization') ?? '')?.groups ?? {};
  return token !== undefined && token.length <= limits.tokenMaxLength ? token : undefined;
}

const bearer = /^Bearer +(?<token>[\u0021-\u007E]+) *$/i;
