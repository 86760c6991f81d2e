/** Whether traffic to this host stays on this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/**
 * Whether the host name of a URL is a link-local address (RFC 4291): calling it needs a zone, which a URL cannot
 * contain.
 */
export function isLinkLocal(hostname: string): boolean {
  return /^\[fe[89ab][\da-f]:/i.test(hostname);
}

/** Whether a server with this host name in its URL listens at all addresses of the machine. */
export function isEveryAddress(hostname: string): boolean {
  return hostname === '0.0.0.0' || hostname === '[::]';
}
