import { endpoints } from '../protocol/endpoints.js';
import { limits } from '../protocol/limits.js';
import type { JudgedProblem } from '../messages/problem.js';
import { headerOf, requireHeaders, type RequestHeaders } from './request-headers.js';
import { tooLarge } from './too-large.js';

/** What is known about a request before its body is read. */
export interface RequestHead {
  /**
   * Unchanged, because its case counts. Hapi's `request.method` is in lower case; its `request.raw.req.method` is what
   * came.
   */
  method: string | undefined;
  headers: RequestHeaders;
}

/**
 * The problem with a request to either endpoint, as far as it is visible before the body: `method-not-allowed`,
 * `unsupported-media-type`, or `payload-too-large` by its Content-Length, in this order. `undefined` if there is none.
 *
 * @throws TypeError for anything but headers.
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
