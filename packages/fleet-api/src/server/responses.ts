import { JSON_MEDIA_TYPE, PROBLEM_MEDIA_TYPE } from '@serve.zone/baseos-contracts';
import { isFleetApiError } from '../problems/fleet-api-error.js';
import { problemOf } from '../problems/problem.js';

/** No browser shows an answer as a page, keeps it, or gives it to another website. */
const safeHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** An answer in JSON; without a body if there is none. */
export function jsonResponse(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  const content = body === undefined ? null : JSON.stringify(body);
  const type = content === null ? {} : { 'content-type': JSON_MEDIA_TYPE };
  return new Response(content, { status, headers: { ...safeHeaders, ...type, ...headers } });
}

/** An answer that is sent bit by bit. */
export function streamResponse(
  mediaType: string,
  stream: ReadableStream<Uint8Array>,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(stream, {
    headers: {
      ...safeHeaders,
      // Nothing on the way may wait for more of it: to compress it, or because it is nginx.
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      'content-type': mediaType,
      ...headers,
    },
  });
}

/**
 * The problem that an error is; `undefined` for an error that is none of the fleet and none of the API.
 *
 * @param hadCredential distinguishes a bad credential from none (RFC 6750, 3.1)
 */
export function problemResponse(error: unknown, hadCredential: boolean): Response | undefined {
  const problem = problemOf(error);
  if (!problem) return undefined;
  const { retryAfterMs, allow } = isFleetApiError(error) ? error : { retryAfterMs: undefined, allow: [] };
  const challenge = `Bearer realm="baseos"${hadCredential ? ', error="invalid_token"' : ''}`;
  return jsonResponse(problem.status, problem, {
    'content-type': PROBLEM_MEDIA_TYPE,
    ...(problem.status === 401 && { 'www-authenticate': challenge }),
    ...(problem.status === 405 && { allow: allow.join(', ') }),
    ...(retryAfterMs !== undefined && { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1000))) }),
  });
}
