import { FleetApiError } from '@serve.zone/baseos-fleet-api';
import { isLoopback } from '../../address/host-reach.js';
import { type PublicAddress, publicAddressOf } from './public-address.js';

export interface DoorsOptions {
  /** Without one, operators call from this machine alone. */
  publicAddress: PublicAddress | undefined;
  /** Whether the server itself has a certificate. */
  isTls: boolean;
  /** Passwords may also be sent in the clear, on a network that is trusted. */
  allowPlainHttp: boolean;
}

/** What is asked of a request of an operator before anything else. */
export interface Doors {
  /**
   * Where the request was sent to.
   *
   * @throws FleetApiError for another host: a name that somebody else has pointed at this server, or one that nobody has named
   */
  requireHost(this: void, request: Request): PublicAddress;
  /** @throws FleetApiError unless a page of this server has sent it: nobody else's page does so in somebody's name */
  requireOrigin(this: void, request: Request): void;
  /** @throws FleetApiError if a password would travel in the clear */
  requireSecrecy(this: void, request: Request, address: string | undefined): void;
}

export function createDoors({ publicAddress, isTls, allowPlainHttp }: DoorsOptions): Doors {
  const requireHost = (request: Request): PublicAddress => {
    const address = publicAddress ?? localAddress(request, isTls);
    if (address && request.headers.get('host')?.toLowerCase() === address.host) return address;
    throw new FleetApiError('misdirected', 'The request names another host', {
      remedy: publicAddress
        ? `Use ${publicAddress.url}, or start the server with another --public-url.`
        : 'Use the server from its own machine, or start it with --public-url and the address that operators use.',
    });
  };

  return {
    requireHost,
    requireOrigin(request) {
      if (request.headers.get('origin') === requireHost(request).origin) return;
      throw new FleetApiError('origin-refused', 'The request comes from another website, or does not say where from', {
        remedy: `Send it with the header Origin: ${requireHost(request).origin}.`,
      });
    },
    requireSecrecy(request, address) {
      const { isHttps, host } = requireHost(request);
      // Somebody on the network may well say that they call localhost.
      const isLocal = isLoopback(new URL(`http://${host}`).hostname) && address === undefined;
      if (isHttps || isLocal || allowPlainHttp) return;
      throw new FleetApiError('secrecy-needed', 'A password would travel in the clear', {
        remedy: 'Use https: give the server a certificate with --tls-cert, or put a TLS proxy in front of it.',
      });
    },
  };
}

/** This machine under one of its own names, which nobody can point elsewhere, nor another name at. */
function localAddress(request: Request, isTls: boolean): PublicAddress | undefined {
  const host = request.headers.get('host')?.toLowerCase() ?? '';
  const text = `${isTls ? 'https' : 'http'}://${host}`;
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return isLoopback(url.hostname) && url.host === host ? publicAddressOf(url) : undefined;
}
