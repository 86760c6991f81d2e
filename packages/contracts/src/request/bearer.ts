import { limits } from '../protocol/limits.js';
import { headerOf, type RequestHeaders } from './request-headers.js';

/**
 * The token of an Authorization header with the scheme Bearer (RFC 6750, 2.1), a join token or a node token.
 * `undefined` if there is no such header, or if it contains anything but one token.
 *
 * @throws TypeError for anything but headers.
 */
export function bearerOf(headers: RequestHeaders): string | undefined {
  const { token } = bearer.exec(headerOf(headers, 'authorization') ?? '')?.groups ?? {};
  return token !== undefined && token.length <= limits.tokenMaxLength ? token : undefined;
}

const bearer = /^Bearer +(?<token>[\u0021-\u007E]+) *$/i;
