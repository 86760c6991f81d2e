import type { Socket } from 'node:net';
import { hostOf, type Party, portOf } from './party.js';
import { raceAddresses } from './race-addresses.js';
import { secureConnection, type SecureOptions } from './secure-connection.js';

/** A connection to one of the party's addresses, with TLS and its certificate verified if its URL says https. */
export async function openConnection(party: Party, { signal, ...tls }: SecureOptions): Promise<Socket> {
  const { protocol } = party.url;
  const port = portOf(party.url);
  const addresses = await lookUp(hostOf(party.url));
  return raceAddresses(
    addresses,
    async (address, attempt, onTaken) => {
      const socket = await connect(address, port, attempt);
      if (protocol !== 'https:') return socket;
      onTaken();
      return secureConnection(socket, party, { signal: attempt, ...tls });
    },
    { signal },
  );
}

/** A TCP connection to an address; the signal ends it until it is handed over, and at that very moment. */
export function connect(address: string, port: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = process.getBuiltinModule('node:net').connect({ host: address, port, noDelay: true });
    signal.addEventListener('abort', () => socket.destroy(signal.reason as Error), { once: true });
    // Stays: an error before the next owner's first listener must not end the process.
    socket.on('error', reject);
    socket.once('connect', () => resolve(socket));
  });
}

/** Every address of a host, in the order of the system. */
export async function lookUp(host: string): Promise<string[]> {
  if (process.getBuiltinModule('node:net').isIP(host) !== 0) return [host];
  const dns = process.getBuiltinModule('node:dns');
  return new Promise((resolve, reject) => {
    dns.lookup(host, { all: true }, (error, found) => {
      if (error) reject(error);
      else resolve(found.map(({ address }) => address));
    });
  });
}
