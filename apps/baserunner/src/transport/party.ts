/**
 * The other end of a connection. Cloudly, its proxy and the Supervisor are parties of their own, with a name and
 * certificate each.
 */
export interface Party {
  /** Only its host, its port and whether it uses TLS count. */
  url: URL;
  /** The variable that says where it is, as a remedy names it. */
  variable: string;
  /** How failures name it, if it is not the server that the request is for. */
  place?: string | undefined;
}

/** As sockets want it: an IPv6 address without its brackets. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

export function portOf({ port, protocol }: URL): number {
  return Number(port || (protocol === 'https:' ? 443 : 80));
}
