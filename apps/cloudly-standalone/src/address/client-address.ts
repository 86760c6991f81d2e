import type { IncomingMessage } from 'node:http';
import { isLoopback } from './host-reach.js';
import { plainAddress } from './plain-address.js';
import type { TrustedProxies } from './trusted-proxies.js';

export interface RequestOrigin {
  /** The other end of the connection; absent once that is gone. */
  peer: string | undefined;
  /** The header `X-Forwarded-For`, in which each proxy adds on the right whom it got the request from. */
  forwardedFor: string | null;
}

/**
 * Whom a request comes from: the peer, or what a trusted proxy says. Read from the right, since anybody can write what
 * stands on the left: the first that is not a trusted proxy is the client. If nothing readable is left, it is the proxy
 * that said so, for those it serves must not go uncounted.
 *
 * @returns `undefined` for a client on this machine that came by no trusted proxy: it needs no limit.
 */
export function clientAddress({ peer = '', forwardedFor }: RequestOrigin, proxies: TrustedProxies): string | undefined {
  let address = plainAddress(peer);
  if (address === undefined) return undefined;
  if (!proxies.has(address)) return isLoopback(address) ? undefined : address;
  for (const entry of (forwardedFor ?? '').split(',').toReversed()) {
    const claimed = plainAddress(withoutPort(entry.trim()));
    if (claimed === undefined) return address;
    address = claimed;
    if (!proxies.has(address)) return address;
  }
  return address;
}

/** The same, of a request as the server hands it over. */
export function clientAddressOf(
  request: Request,
  { socket }: Pick<IncomingMessage, 'socket'>,
  proxies: TrustedProxies,
): string | undefined {
  const forwardedFor = request.headers.get('x-forwarded-for');
  return clientAddress({ peer: socket.remoteAddress, forwardedFor }, proxies);
}

/** Some proxies add it: `192.0.2.7:4711`, `[2001:db8::7]:4711`. */
function withoutPort(entry: string): string {
  const [, bracketed, ipv4] = /^(?:\[([^\]]+)\](?::\d+)?|([\d.]+):\d+)$/.exec(entry) ?? [];
  return bracketed ?? ipv4 ?? entry;
}
