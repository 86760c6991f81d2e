import { endpoints } from '../protocol/endpoints.js';
import { limits } from '../protocol/limits.js';
import type { JudgedProblem } from '../messages/problem.js';
import { headerOf, requireHeaders, type RequestHeaders } from './request-headers.js';
import { tooLarge } from './too-large.js';

/** What is known of a request before its body. */
export interface RequestHead {
  /** As it came, since its case counts. Hapi's `request.method` is in lower case; its `request.raw.req.method` is what came. */
  method: string | undefined;
  headers: RequestHeaders;
}

/**
 * What is wrong with a request to either endpoint as far as it shows before the body: `method-not-allowed`,
 * `unsupported-media-type`, or `payload-too-large` by its Content-Length, in this order. `undefined` where nothing is.
 *
 * @throws TypeError for what are no headers.
 */
export function judgeRequestHead(request: RequestHead): JudgedProblem | undefined {
  const { method, headers } = request;
  requireHeaders(headers);
  if (method !== endpoints.register.method) return { code: 'method-not-allowed' };
  if (!jsonInUtf8.test(headerOf(headers, 'content-type') ?? '')) {
    return { code: 'unsupported-media-type', detail: 'Content-Type must be application/json.' };
  }
  if (headerOf(headers, 'content-encoding') !== undefined) {
    return { code: 'unsupported-media-type', detail: 'The body must come without Content-Encoding.' };
  }
  const announcedBytes = Number(headerOf(headers, 'content-length') ?? 0);
  return announcedBytes > limits.bodyMaxBytes ? tooLarge('', limits.bodyMaxBytes) : undefined;
}

const jsonInUtf8 = /^application\/json\s*(;\s*charset\s*=\s*(utf-8|"utf-8")\s*)?$/i;
