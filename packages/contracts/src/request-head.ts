import { endpoints } from './endpoints.js';
import { limits } from './limits.js';
import type { JudgedProblem } from './problem.js';
import { tooLarge } from './too-large.js';

/**
 * The headers of a request: a Web-standard `Headers`, or a record such as Node's `request.headers`, whose names count in any
 * case and whose lists are one value with commas.
 */
export type RequestHeaders =
  | { get(name: string): string | null | undefined }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** What is known of a request before its body. */
export interface RequestHead {
  method: string | undefined;
  headers: RequestHeaders;
}

/**
 * What is wrong with a request to either endpoint as far as it shows before the body: `method-not-allowed`,
 * `unsupported-media-type`, or `payload-too-large` by its Content-Length, in this order. `undefined` where nothing is.
 *
 * @throws TypeError for what are no headers.
 */
export const judgeRequestHead = (request: RequestHead): JudgedProblem | undefined => {
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
};

const jsonInUtf8 = /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

const headerOf = (headers: RequestHeaders, name: string): string | undefined => {
  if (hasGet(headers)) return headers.get(name) ?? undefined;
  const values = Object.entries(headers).flatMap(([key, value]) => (key.toLowerCase() === name ? (value ?? []) : []));
  return values.length === 0 ? undefined : values.join(', ');
};

/** A header of a record may be called `get`, too; its value is no function. */
const hasGet = (headers: RequestHeaders): headers is { get(name: string): string | null | undefined } =>
  typeof headers.get === 'function';

const requireHeaders = (headers: unknown): void => {
  if (typeof headers === 'object' && headers !== null && !Array.isArray(headers)) return;
  throw new TypeError(
    'headers must be a Headers or a record of them by name, as request.headers is in Node and in web-standard servers',
  );
};
