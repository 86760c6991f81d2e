import type { OutgoingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { TransportFailure } from '@serve.zone/baseos-cloudly-connector';
import { describeFailure } from './describe-failure.js';
import { requestOver } from './dialing-agent.js';
import { openConnection } from './open-connection.js';
import type { Party } from './party.js';

/** A proxy, as its URL describes it. */
export interface Proxy extends Party {
  /** Without user name and password, so that it may be shown. */
  address: string;
  place: string;
  headers: OutgoingHttpHeaders;
}

export function parseProxy(proxyUrl: string): Proxy {
  const url = new URL(proxyUrl);
  const { username, password, origin } = url;
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const headers =
    username === '' && password === ''
      ? {}
      : { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
  return { address: origin, url, variable: 'HTTPS_PROXY or HTTP_PROXY', place: `the proxy ${origin}`, headers };
}

export interface TunnelOptions {
  signal: AbortSignal;
  /** The certificate authorities that are trusted for an https:// proxy. */
  secureContext: SecureContext | undefined;
}

/**
 * A connection through the proxy to the target's host and port (CONNECT). Rejects with the other answer of the proxy;
 * the signal ends the attempt and its connection at any moment. The answer of a proxy may have at most 16 KiB.
 */
export async function openTunnel(proxy: Proxy, target: URL, { signal, secureContext }: TunnelOptions): Promise<Socket> {
  const connection = await openConnection(proxy, { signal, secureContext }).catch((error: unknown) => {
    throw signal.aborted ? (signal.reason as Error) : describeFailure(error, proxy.place);
  });
  const authority = `${target.hostname}:${target.port || '443'}`;
  return new Promise((resolve, reject) => {
    const head = { method: 'CONNECT', headers: proxy.headers };
    const request = requestOver(() => connection, head, { host: authority, path: authority });
    const abort = (): void => {
      request.destroy();
      reject(signal.reason as Error);
    };
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    request.once('close', () => signal.removeEventListener('abort', abort));
    request.on('error', (error) => reject(describeFailure(error, proxy.place)));
    request.on('connect', (response, socket) => {
      const { statusCode = 0 } = response;
      if (statusCode >= 200 && statusCode <= 299) return resolve(socket);
      socket.destroy();
      reject(proxyRefused(proxy, statusCode));
    });
    request.end();
  });
}

/** The meaning of a proxy's own answer: the request did not reach the server. */
export function proxyRefused(proxy: Proxy, status: number): TransportFailure {
  const hasCredentials = 'proxy-authorization' in proxy.headers;
  const [explanation, remedy] =
    status === 407
      ? hasCredentials
        ? ['it rejected the user name and password (HTTP 407)', 'Check them in HTTPS_PROXY or HTTP_PROXY.']
        : [
            'it requires a user name and password (HTTP 407)',
            'Add them to HTTPS_PROXY or HTTP_PROXY: http://user:password@host:port.',
          ]
      : [
          `it refused to connect to Cloudly (HTTP ${status})`,
          'Check what the proxy allows and whether it can reach Cloudly, or add Cloudly to NO_PROXY.',
        ];
  return new TransportFailure({
    reason: 'proxy refused',
    place: proxy.place,
    explanation,
    remedy,
  });
}
