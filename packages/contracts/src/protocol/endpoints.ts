/** The version of the protocol that every message of these contracts carries as `protocol`. */
export const PROTOCOL_VERSION = 1;

/** The two endpoints that every Cloudly serves. Paths are relative to Cloudly's base URL. */
export const endpoints = {
  register: { method: 'POST', path: '/baseos/v1/nodes/register' },
  heartbeat: { method: 'POST', path: '/baseos/v1/nodes/heartbeat' },
} as const;

export type EndpointName = keyof typeof endpoints;

/**
 * The endpoint of a Cloudly that wakes its nodes: a node that was offered it holds a request there, which is answered when
 * there is something to hear. A Cloudly that never offers it does not need it.
 */
export const wakeEndpoint = { method: 'GET', path: '/baseos/v1/nodes/wake' } as const;

/** The two endpoints of every Cloudly, and the one that wakes nodes. */
export type AnyEndpointName = EndpointName | 'wake';

/** The media type of requests and of successful answers. */
export const JSON_MEDIA_TYPE = 'application/json';

/** The media type of error answers (RFC 9457). */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/**
 * The URL of an endpoint below Cloudly's base URL, which may end in a slash and may have a path of its own.
 *
 * @throws TypeError if `cloudlyUrl` is not an absolute URL.
 */
export function endpointUrl(cloudlyUrl: string | URL, endpoint: AnyEndpointName): string {
  const url = new URL(cloudlyUrl);
  url.pathname = url.pathname.replace(/\/+$/, '') + allEndpoints[endpoint].path;
  url.search = '';
  url.hash = '';
  return url.href;
}

const allEndpoints = { ...endpoints, wake: wakeEndpoint } as const;
