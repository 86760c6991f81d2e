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
  const { originalUrl, url = '/' } = incoming;
  const target = typeof originalUrl === 'string' ? originalUrl : url;
  return URL.parse(target.startsWith('/') ? `http://localhost${target}` : target) ?? undefined;
}
