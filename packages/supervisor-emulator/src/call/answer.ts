import { createHash } from 'node:crypto';

import type { Watch } from './watch.js';

/** An answer, before a transport carries it out. */
export interface Answer {
  status: number;
  headers: Readonly<Record<string, string>>;
  /** The complete text, or a function that writes it piece by piece while the client listens. */
  body: string | StreamBody;
}

/** Yields the body as it is written. `return()` or `watch.signal` ends it when the client disconnects. */
export type StreamBody = (watch: Watch) => AsyncIterable<string | Uint8Array>;

/** Gives a header's value by its name in lower case. */
type Header = (name: string) => string | undefined;

/** Text from Express' `res.send`: the type is HTML whatever the text is. */
export function sendText(status: number, body: string): Answer {
  return send(status, 'text/html; charset=utf-8', body);
}

/** The status' own name as plain text, from Express' `res.sendStatus`. */
export function sendStatus(status: keyof typeof statusTexts): Answer {
  return send(status, 'text/plain; charset=utf-8', statusTexts[status]);
}

/** JSON from Express' `res.json`. */
export function sendJson(status: number, value: unknown): Answer {
  return send(status, 'application/json; charset=utf-8', JSON.stringify(value));
}

/** The Supervisor's envelope for a failure. */
export function sendFailure(status: number, message: string): Answer {
  return sendJson(status, { status: 'failed', message });
}

/** An open-ended body without a type, as the Supervisor pipes it. */
export function sendStream(body: StreamBody): Answer {
  return { status: 200, headers: {}, body };
}

/** Express' page for a path or method that no route has. */
export function notFoundPage(method: string, path: string): Answer {
  return errorPage(404, `Cannot ${method} ${encodePath(path)}`);
}

/** The page of Express for an unhandled error. */
export function errorPage(status: number, message: string): Answer {
  const body = `<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Error</title>\n</head>\n<body>\n<pre>${escapeHtml(message)}</pre>\n</body>\n</html>\n`;
  return {
    status,
    headers: {
      'Content-Security-Policy': "default-src 'none'",
      'X-Content-Type-Options': 'nosniff',
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Length': String(Buffer.byteLength(body)),
    },
    body,
  };
}

/** The answer as this request gets it: 304 if the client already has it, and no body if the status has none. */
export function adaptToRequest(answer: Answer, request: { method: string; header: Header }): Answer {
  const reads = request.method === 'GET' || request.method === 'HEAD';
  const fresh = reads && answer.status >= 200 && answer.status < 300 && isFresh(answer, request.header);
  const status = fresh ? 304 : answer.status;
  const bodiless = status === 204 || status === 304;
  const { 'Content-Type': _type, 'Content-Length': _length, ...others } = answer.headers;
  return {
    status,
    headers: bodiless ? others : answer.headers,
    body: bodiless || request.method === 'HEAD' ? '' : answer.body,
  };
}

function send(status: number, type: string, body: string): Answer {
  return {
    status,
    headers: { 'Content-Type': type, 'Content-Length': String(Buffer.byteLength(body)), ETag: weakEtag(body) },
    body,
  };
}

function weakEtag(body: string): string {
  const digest = createHash('sha1').update(body).digest('base64').slice(0, 27);
  return `W/"${Buffer.byteLength(body).toString(16)}-${digest}"`;
}

// Express decides by the ETag alone here, because no answer has a Last-Modified to compare with If-Modified-Since.
function isFresh(answer: Answer, header: Header): boolean {
  const wanted = header('if-none-match');
  const etag = answer.headers['ETag'];
  if (wanted === undefined || etag === undefined || header('if-modified-since') !== undefined) return false;
  if (/(?:^|,)\s*no-cache\s*(?:,|$)/.test(header('cache-control') ?? '')) return false;
  const strong = (tag: string): string => tag.trim().replace(/^W\//, '');
  return wanted.trim() === '*' || wanted.split(',').some((tag) => strong(tag) === strong(etag));
}

function encodePath(path: string): string {
  return path.replace(/%(?![0-9A-Fa-f]{2})|[^\x21\x23-\x3b\x3d\x3f-\x5f\x61-\x7a\x7c\x7e]/gu, encodeURIComponent);
}

function escapeHtml(text: string): string {
  return text.replace(/["&'<>]/g, (character) => htmlEntities[character as keyof typeof htmlEntities]);
}

const htmlEntities = { '"': '&quot;', '&': '&amp;', "'": '&#39;', '<': '&lt;', '>': '&gt;' };
const statusTexts = {
  200: 'OK',
  202: 'Accepted',
  204: 'No Content',
  401: 'Unauthorized',
  500: 'Internal Server Error',
};
