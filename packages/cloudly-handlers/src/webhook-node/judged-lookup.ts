import { lookup as lookUpByDns, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';

/** Finds the addresses of a host name. */
export type FindAddresses = (hostname: string) => Promise<LookupAddress[]>;

/** The name has an address to which nothing may be sent. */
export class AddressRefusedError extends Error {
  override readonly name = 'AddressRefusedError';
}

/**
 * The look-up of a connection: what it hands over is what Node connects to, so nothing can change between the judgement and the
 * connection. A name that has any address that may not be called is refused as a whole.
 */
export function judgedLookup(mayCall: (address: string) => boolean, findAddresses: FindAddresses): LookupFunction {
  return (hostname, { all }, callback) => {
    const answer = (found: LookupAddress[]): void => {
      const [first] = found;
      if (!first || found.some(({ address }) => !mayCall(address))) {
        callback(new AddressRefusedError(`${hostname} has an address that may not be called`), '', 0);
      } else if (all) callback(null, found);
      else callback(null, first.address, first.family);
    };
    const fail = (error: NodeJS.ErrnoException): void => callback(error, '', 0);
    findAddresses(hostname).then(answer, fail);
  };
}

/** As the system finds them. */
export function systemAddresses(hostname: string): Promise<LookupAddress[]> {
  return new Promise((resolve, reject) => {
    lookUpByDns(hostname, { all: true, order: 'verbatim' }, (error, found) => {
      if (error) reject(error);
      else resolve(found);
    });
  });
}
