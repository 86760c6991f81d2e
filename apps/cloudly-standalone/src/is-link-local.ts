/** Whether the host name of a URL is a link-local address (RFC 4291): it is called with a zone, for which URLs have no place. */
export function isLinkLocal(hostname: string): boolean {
  return /^\[fe[89ab][\da-f]:/i.test(hostname);
}
