import type { ClientRequest } from 'node:http';
import type { SecureContext } from 'node:tls';
import { type DialingAgent, openDialingAgent, type RequestHead, requestOver } from './dialing-agent.js';
import { openTunnel, type Proxy } from './proxy-tunnel.js';
import { secureConnection, type TlsSession } from './secure-connection.js';

/** The route of requests to their server. */
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
  /** The variable that contains the server's address. */
  variable: string;
}

/** The route to servers of a protocol. */
export function openRoute(protocol: string, settings: RouteSettings): Route {
  if (protocol !== 'http:' && protocol !== 'https:')
    throw new TypeError(`Not an http(s) URL: it starts with ${protocol}`);
  const { proxy } = settings;
  if (proxy === undefined) return openDirectRoute(settings);
  return protocol === 'https:' ? openTunnelRoute(proxy, settings) : openForwardingRoute(proxy, settings);
}

function openDirectRoute({ variable, ...settings }: RouteSettings): Route {
  const agents = new Map<string, DialingAgent>();
  const agentFor = (url: URL): DialingAgent => {
    const agent = agents.get(url.origin) ?? openDialingAgent({ url, variable }, settings);
    agents.set(url.origin, agent);
    return agent;
  };
  return {
    request: async (url, head, signal) => agentFor(url).request(head, { host: url.host, path: pathOf(url) }, signal),
    dropIdleConnections: () => {
      for (const agent of agents.values()) agent.dropIdleConnections();
    },
    close: () => {
      for (const agent of agents.values()) agent.close();
    },
  };
}

/** The proxy gets the whole URL and fetches it (plain http). */
function openForwardingRoute(proxy: Proxy, settings: RouteSettings): Route {
  const agent = openDialingAgent(proxy, settings);
  return {
    request: async (url, { method, headers }, signal) =>
      agent.request({ method, headers: { ...headers, ...proxy.headers } }, { host: url.host, path: url.href }, signal),
    readingProxy: proxy,
    dropIdleConnections: () => agent.dropIdleConnections(),
    close: () => agent.close(),
  };
}

/**
 * A tunnel for each exchange, because two parties hold a connection through a proxy, and either may drop it. TLS goes
 * from end to end within it.
 */
function openTunnelRoute(proxy: Proxy, { secureContext, variable }: RouteSettings): Route {
  const closing = new AbortController();
  // Each server has its own: in a resumed session, no name is compared with a certificate.
  const sessions = new Map<string, TlsSession>();
  return {
    request: async (url, head, signal) => {
      const session = sessions.get(url.host) ?? {};
      sessions.set(url.host, session);
      const ends = AbortSignal.any([signal, closing.signal]);
      const tunnel = await openTunnel(proxy, url, { signal: ends, secureContext });
      const socket = await secureConnection(tunnel, { url, variable }, { signal: ends, secureContext, session });
      const request = requestOver(() => socket, head, { host: url.host, path: pathOf(url) });
      const end = (): void => void request.destroy();
      closing.signal.addEventListener('abort', end, { once: true });
      request.once('close', () => closing.signal.removeEventListener('abort', end));
      return request;
    },
    dropIdleConnections: () => sessions.clear(),
    close: () => closing.abort(new Error('The transport was closed.')),
  };
}

function pathOf({ pathname, search }: URL): string {
  return `${pathname}${search}`;
}
