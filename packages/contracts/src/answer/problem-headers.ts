import { type AnyEndpointName, endpoints, PROBLEM_MEDIA_TYPE, wakeEndpoint } from '../protocol/endpoints.js';
import { knownProblem, type ProblemCode } from '../messages/problem.js';

export interface ProblemHeadersOptions {
  /** When to try again, rounded up to whole seconds. An answer 429 or 503 needs it (A-8 of PROTOCOL.md). */
  retryAfterMs?: number | undefined;
  /**
   * Whether the request had a credential: the answer to an invalid one differs from the answer to none (RFC 6750, 3.1).
   *
   * @default false
   */
  hadCredential?: boolean | undefined;
  /**
   * The endpoint that answers: with a 405, `allow` names its method.
   *
   * @default one of the two that accept POST
   */
  endpoint?: AnyEndpointName | undefined;
}

/**
 * The headers of the answer with a problem, by their names in lower case: its media type, `allow` with a 405,
 * `www-authenticate` with a 401, `retry-after` if it is given.
 *
 * @throws TypeError for a code that is not in the table, and for a wait that is not a number of milliseconds.
 */
export function problemHeaders(code: ProblemCode, options: ProblemHeadersOptions = {}): Record<string, string> {
  const { retryAfterMs, hadCredential = false, endpoint } = options;
  const { status } = knownProblem(code);
  if (retryAfterMs !== undefined && !Number.isFinite(retryAfterMs)) {
    throw new TypeError('retryAfterMs must be a number of milliseconds');
  }
  return {
    'cache-control': 'no-store',
    'content-type': PROBLEM_MEDIA_TYPE,
    ...(retryAfterMs !== undefined && { 'retry-after': String(Math.max(0, Math.ceil(retryAfterMs / 1000))) }),
    ...(status === 401 && {
      'www-authenticate': `Bearer realm="baseos"${hadCredential ? ', error="invalid_token"' : ''}`,
    }),
    ...(status === 405 && { allow: endpoint === 'wake' ? wakeEndpoint.method : endpoints.register.method }),
  };
}
