import type { NodeRequest } from './node-message.js';

/** In Express, `url` lacks the path at which the listener is mounted. */
interface MountedMessage extends NodeRequest {
  originalUrl?: unknown;
}

/**
 * The URL of a request, as far as the handlers use it: the requested path on a placeholder host. `undefined` if that is
 * not a URL.
 */
export function requestTarget(incoming: MountedMessage): URL | undefined {
  const target = targetOf(incoming);
  return URL.parse(target.startsWith('/') ? `http://localhost${target}` : target) ?? undefined;
}

/** The path of that URL; `undefined` if it cannot be that of a web-standard request, in which there is no password. */
export function requestPath(incoming: MountedMessage): string | undefined {
  const target = targetOf(incoming);
  if (PLAIN_PATH.test(target)) return target;
  const url = requestTarget(incoming);
  return url?.username === '' && url.password === '' ? url.pathname : undefined;
}

/** A path that stands in its URL as it is. */
const PLAIN_PATH = /^\/[\w/-]*$/;

function targetOf({ originalUrl, url = '/' }: MountedMessage): string {
  return typeof originalUrl === 'string' ? originalUrl : url;
}
