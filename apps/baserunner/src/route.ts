import type { Agent, ClientRequest } from 'node:http';
import type { SecureContext } from 'node:tls';
import { hostOf, openTunnel, portOf, type Proxy } from './proxy-tunnel.js';
import { verified } from './verified.js';

export interface RequestHead {
  method: string;
  headers: Readonly<Record<string, string>>;
}

/** The way of requests to their server. */
export interface Route {
  request(url: URL, head: RequestHead, signal: AbortSignal): Promise<ClientRequest>;
  /** The proxy that reads the requests and whose answers may be its own. */
  readingProxy?: Proxy | undefined;
  dropIdleConnections(): void;
  /** Ends every connection. */
  close(): void;
}

export interface RouteSettings {
  idleMs: number;
  proxy: Proxy | undefined;
  secureContext: SecureContext | undefined;
}

/** The way to servers of a protocol. https is loaded only if it is used: BaseRunner without Cloudly speaks http alone. */
export function openRoute(protocol: string, settings: RouteSettings): Route {
  if (protocol !== 'http:' && protocol !== 'https:') throw new TypeError(`No http(s) URL: it starts with ${protocol}`);
  const { proxy } = settings;
  if (proxy === undefined) return openDirectRoute(protocol, settings);
  return protocol === 'https:' ? openTunnelRoute(proxy, settings) : openForwardingRoute(proxy, settings);
}

function openDirectRoute(protocol: string, settings: RouteSettings): Route {
  const { http, agent } = openClient(protocol, settings);
  return {
    request: async (url, head) => http.request(url, { ...head, agent }),
    ...ends(agent),
  };
}

/** The proxy gets the whole URL and fetches it (plain http). */
function openForwardingRoute(proxy: Proxy, settings: RouteSettings): Route {
  const { http, agent } = openClient(proxy.url.protocol, settings);
  return {
    request: async (url, head) =>
      http.request({
        ...head,
        host: hostOf(proxy.url),
        port: portOf(proxy.url),
        path: url.href,
        headers: { ...head.headers, host: url.host, ...proxy.headers },
        agent,
      }),
    readingProxy: proxy,
    ...ends(agent),
  };
}

/**
 * A tunnel for each exchange, since a connection through a proxy is held by two parties that may drop it. TLS goes from end
 * to end within it.
 */
function openTunnelRoute(proxy: Proxy, { secureContext }: RouteSettings): Route {
  const https = process.getBuiltinModule('node:https');
  const tls = process.getBuiltinModule('node:tls');
  const { isIP } = process.getBuiltinModule('node:net');
  const closing = new AbortController();
  return {
    request: async (url, head, signal) => {
      const ends = AbortSignal.any([signal, closing.signal]);
      const socket = await openTunnel(proxy, url, { signal: ends, secureContext });
      const host = hostOf(url);
      const request = https.request(url, {
        ...head,
        createConnection: () =>
          tls.connect({
            ...verified,
            socket,
            host,
            servername: isIP(host) ? '' : host,
            ...(secureContext && { secureContext }),
          }),
      });
      const end = (): void => void request.destroy();
      closing.signal.addEventListener('abort', end, { once: true });
      request.once('close', () => closing.signal.removeEventListener('abort', end));
      return request;
    },
    dropIdleConnections: () => undefined,
    close: () => closing.abort(new Error('The transport was closed.')),
  };
}

function openClient(protocol: string, { idleMs, secureContext }: RouteSettings) {
  const http = process.getBuiltinModule(protocol === 'https:' ? 'node:https' : 'node:http');
  const agent: Agent = new http.Agent({
    keepAlive: true,
    timeout: idleMs,
    // Whatever the environment says: Deno would look there.
    proxyEnv: {},
    ...verified,
    ...(secureContext && { secureContext }),
  });
  return { http, agent };
}

const ends = (agent: Agent): Pick<Route, 'dropIdleConnections' | 'close'> => ({
  dropIdleConnections: () => {
    for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
  },
  close: () => agent.destroy(),
});
