import type { OutgoingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { TransportFailure } from '@serve.zone/baseos-cloudly-connector';
import { describeFailure, watchCertificate } from './describe-failure.js';
import { verified } from './verified.js';

/** A proxy, as its URL describes it. */
export interface Proxy {
  /** Without user name and password, so that it may be shown. */
  address: string;
  url: URL;
  /** Where failures are told to have happened. */
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
  return { address: origin, url, place: `the proxy ${origin}`, headers };
}

export interface TunnelOptions {
  signal: AbortSignal;
  /** Whom an https:// proxy is trusted by. */
  secureContext: SecureContext | undefined;
}

/**
 * A connection through the proxy to the target's host and port (CONNECT). Rejects with what the proxy answered instead;
 * the signal ends it at any moment, and with it the connection. A proxy says no more than a head of 16 KiB.
 */
export function openTunnel(proxy: Proxy, target: URL, { signal, secureContext }: TunnelOptions): Promise<Socket> {
  const http = process.getBuiltinModule(proxy.url.protocol === 'https:' ? 'node:https' : 'node:http');
  const authority = `${target.hostname}:${target.port || '443'}`;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = http.request({
      method: 'CONNECT',
      host: hostOf(proxy.url),
      port: portOf(proxy.url),
      path: authority,
      headers: { host: authority, ...proxy.headers },
      agent: false,
      ...verified,
      ...(secureContext && { secureContext }),
    });
    const abort = (): void => {
      request.destroy();
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', abort, { once: true });
    request.once('close', () => signal.removeEventListener('abort', abort));
    const certificate = watchCertificate(request);
    request.on('error', (error) => {
      const { place, url } = proxy;
      reject(describeFailure(error, { place, certificate: certificate(), hostname: url.hostname }));
    });
    request.on('connect', (response, socket) => {
      const { statusCode = 0 } = response;
      if (statusCode >= 200 && statusCode <= 299) return resolve(socket);
      socket.destroy();
      reject(proxyRefused(proxy, statusCode));
    });
    request.end();
  });
}

/** What a proxy's own answer means: the request went no further. */
export function proxyRefused(proxy: Proxy, status: number): TransportFailure {
  const hasCredentials = 'proxy-authorization' in proxy.headers;
  const [explanation, remedy] =
    status === 407
      ? hasCredentials
        ? ['it does not accept the user name and password (HTTP 407)', 'Check them in HTTPS_PROXY or HTTP_PROXY.']
        : [
            'it asks for a user name and password (HTTP 407)',
            'Give them in HTTPS_PROXY or HTTP_PROXY: http://user:password@host:port.',
          ]
      : [
          `it does not lead to Cloudly (HTTP ${status})`,
          'See what the proxy allows and whether it can reach Cloudly, or name Cloudly in NO_PROXY.',
        ];
  return new TransportFailure({
    reason: 'proxy refused',
    place: proxy.place,
    explanation,
    remedy: `It tries again by itself. ${remedy}`,
  });
}

/** As sockets want it: an IPv6 address without its brackets. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');

export const portOf = ({ port, protocol }: URL): number => Number(port || (protocol === 'https:' ? 443 : 80));
