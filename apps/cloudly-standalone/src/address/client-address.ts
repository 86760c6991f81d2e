import type { IncomingMessage } from 'node:http';
import { isLoopback } from './host-reach.js';
import { plainAddress } from './plain-address.js';
import type { TrustedProxies } from './trusted-proxies.js';

export interface RequestOrigin {
  /** The other end of the connection; absent once that is gone. */
  peer: string | undefined;
  /** The header `X-Forwarded-For`, to which each proxy adds, on the right, the address of its client. */
  forwardedFor: string | null;
}

/**
 * The client of a request: the peer, or the address from a trusted proxy. Addresses are read from the right, because
 * anybody can write those on the left: the first one that is not a trusted proxy is the client. If no readable address
 * is left, it is that proxy, because its clients must be counted.
 *
 * @returns `undefined` for a client on this machine without a trusted proxy: it needs no limit.
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

/** The same, for a request of the server. */
export function clientAddressOf(
  request: Pick<Request, 'headers'>,
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
