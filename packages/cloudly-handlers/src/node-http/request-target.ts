import type { NodeRequest } from './node-message.js';

/** In Express, `url` has lost the path that the listener is mounted at. */
interface MountedMessage extends NodeRequest {
  originalUrl?: unknown;
}

/**
 * Where a request was sent, as far as the handlers go by it: the path that was asked for, on a host that stands for any.
 * `undefined` where that is no URL.
 */
export function requestTarget(incoming: MountedMessage): URL | undefined {
  const { originalUrl, url = '/' } = incoming;
  const target = typeof originalUrl === 'string' ? originalUrl : url;
  return URL.parse(target.startsWith('/') ? `http://localhost${target}` : target) ?? undefined;
}
