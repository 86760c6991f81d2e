import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { addressKey } from '@serve.zone/baseos-cloudly-handlers';

/** A connection that was closed in favour of another one. */
export interface Eviction {
  /** Its client: an IPv4 address, or the first 64 bits of an IPv6 address; the whole address of a proxy. */
  address: string;
  /** The limit that was reached: the share of that address, or the whole server. */
  full: 'address' | 'server';
}

export interface ConnectionBounds {
  /** The maximum number of connections. */
  max: number;
  /** How many of them one address may have. */
  perAddressMax: number;
  /** Whether the connections of an address, as sockets report it, belong to many clients. */
  isShared: (address: string) => boolean;
  onEviction: (eviction: Eviction) => void;
}

export interface Connections {
  /** All open connections. Node's own list contains only those that have reached HTTP. */
  sockets: ReadonlyMap<Socket, unknown>;
  /** Called when a request on a connection has its answer, or will get none. */
  answered(this: void, socket: { remoteAddress?: string | undefined; remotePort?: number | undefined }): void;
}

/**
 * Limits the connections of a server: at the limit, a new one replaces the slowest, which is the one that has waited
 * longest without an answer, of the address that has the most. An address with many loses its own.
 */
export function trackConnections(server: Server, bounds: ConnectionBounds): Connections {
  /** With their addresses; the slowest first. */
  const sockets = new Map<Socket, string>();
  const byEnds = new Map<string, Socket>();
  /** The slowest of each first. */
  const byAddress = new Map<string, Set<Socket>>();

  const holderOf = (remoteAddress: string): string =>
    bounds.isShared(remoteAddress) ? remoteAddress : addressKey(remoteAddress);
  const close = (socket: Socket, eviction: Eviction): void => {
    forget(socket, eviction.address);
    socket.destroy();
    bounds.onEviction(eviction);
  };
  const forget = (socket: Socket, address: string): void => {
    sockets.delete(socket);
    const own = byAddress.get(address);
    own?.delete(socket);
    if (own?.size === 0) byAddress.delete(address);
  };
  const evictSlowestOf = (address: string): void => {
    const [slowest] = byAddress.get(address) ?? [];
    if (slowest) close(slowest, { address, full: 'address' });
  };
  const evictSlowest = (): void => {
    let most = 0;
    for (const address of byAddress.keys()) most = Math.max(most, weightOf(address));
    for (const [socket, address] of sockets)
      if (weightOf(address) === most) return close(socket, { address, full: 'server' });
  };
  /** A proxy has many connections, so it loses one only if there is no other client. */
  const weightOf = (address: string): number => (bounds.isShared(address) ? 0 : (byAddress.get(address)?.size ?? 0));
  const makeRoom = (address: string): void => {
    const ownCount = byAddress.get(address)?.size ?? 0;
    if (ownCount >= bounds.perAddressMax && !bounds.isShared(address)) evictSlowestOf(address);
    else if (sockets.size >= bounds.max) evictSlowest();
  };

  server.on('connection', (socket: Socket) => {
    const { remoteAddress, remotePort } = socket;
    // A client that has already left needs no place.
    if (remoteAddress === undefined) return;
    const address = holderOf(remoteAddress);
    makeRoom(address);
    const ends = endsOf(remoteAddress, remotePort);
    sockets.set(socket, address);
    byEnds.set(ends, socket);
    byAddress.set(address, (byAddress.get(address) ?? new Set()).add(socket));
    socket.once('close', () => {
      if (byEnds.get(ends) === socket) byEnds.delete(ends);
      forget(socket, address);
    });
  });

  return {
    sockets,
    // With TLS, the socket of a request is another object than that of its connection.
    answered({ remoteAddress, remotePort }) {
      if (remoteAddress === undefined) return;
      const socket = byEnds.get(endsOf(remoteAddress, remotePort));
      const address = socket && sockets.get(socket);
      if (socket === undefined || address === undefined) return;
      sockets.delete(socket);
      sockets.set(socket, address);
      const own = byAddress.get(address);
      own?.delete(socket);
      own?.add(socket);
    },
  };
}

function endsOf(remoteAddress: string, remotePort: number | undefined): string {
  return `${remoteAddress} ${remotePort}`;
}
