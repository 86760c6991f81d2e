import { endpoints, PROBLEM_MEDIA_TYPE } from './endpoints.js';
import { type ProblemCode, problems } from './problem.js';

export interface ProblemHeadersOptions {
  /** When to come again, rounded up to whole seconds. */
  retryAfterMs?: number | undefined;
  /**
   * Whether the request had a credential, so that a bad one is told from none (RFC 6750, 3.1).
   *
   * @default false
   */
  hadCredential?: boolean | undefined;
}

/**
 * The headers that a problem is answered with, by their names in lower case: its media type, `allow` with a 405,
 * `www-authenticate` with a 401, `retry-after` where it is given.
 */
export const problemHeaders = (code: ProblemCode, options: ProblemHeadersOptions = {}): Record<string, string> => {
  const { retryAfterMs, hadCredential = false } = options;
  const { status } = problems[code];
  return {
    'cache-control': 'no-store',
    'content-type': PROBLEM_MEDIA_TYPE,
    ...(retryAfterMs !== undefined && { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) }),
    ...(status === 401 && {
      'www-authenticate': `Bearer realm="baseos"${hadCredential ? ', error="invalid_token"' : ''}`,
    }),
    ...(status === 405 && { allow: endpoints.register.method }),
  };
};
