import type { Agent, ClientRequest, ClientRequestArgs, OutgoingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import type { SecureContext } from 'node:tls';
import { openConnection } from './open-connection.js';
import type { Party } from './party.js';
import type { TlsSession } from './secure-connection.js';

export interface RequestHead {
  method: string;
  headers: Readonly<OutgoingHttpHeaders>;
}

/** The content of a request and its server: the party that it is sent to may be a proxy. */
export interface RequestTarget {
  /** With the port, if it is not the usual one. */
  host: string;
  path: string;
}

export interface DialingAgent {
  /** Over a kept connection or a new one; the signal ends the wait for it. */
  request(head: RequestHead, target: RequestTarget, signal: AbortSignal): ClientRequest;
  dropIdleConnections(): void;
  /** Ends every connection, also those that are being opened. */
  close(): void;
}

export interface DialingSettings {
  idleMs: number;
  secureContext: SecureContext | undefined;
}

/**
 * Node's agent with the connections of `openConnection`. It speaks to one party: TLS, if the party's URL wants it, is a matter
 * of the connection, so that plain http goes over it, and Node never takes its server name from the Host header.
 */
export function openDialingAgent(party: Party, { idleMs, secureContext }: DialingSettings): DialingAgent {
  const closing = new AbortController();
  const session: TlsSession = {};
  const http = process.getBuiltinModule('node:http');
  const { callbackify } = process.getBuiltinModule('node:util');
  // Regardless of proxies in the environment, which Deno would use.
  const agent: Agent = new http.Agent({ keepAlive: true, timeout: idleMs, proxyEnv: {} });
  const dial = ({ dialSignal }: DialingOptions, callback: Dialed): undefined => {
    const signal = AbortSignal.any([dialSignal, closing.signal]);
    callbackify(openConnection)(party, { signal, secureContext, session }, callback);
  };
  agent.createConnection = dial;
  return {
    request: (head, target, signal) => {
      const options: DialingOptions = { ...requestOptions(head, target), agent, dialSignal: signal };
      return http.request(options);
    },
    dropIdleConnections: () => {
      session.latest = undefined;
      for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
    },
    close: () => {
      closing.abort(new Error('The transport was closed.'));
      agent.destroy();
    },
  };
}

/** The agent gets what the request was given. */
interface DialingOptions extends ClientRequestArgs {
  dialSignal: AbortSignal;
}

type Dialed = (error: Error | null, socket: Duplex) => void;

/** A request over a connection of its own. */
export function requestOver(connection: () => Duplex, head: RequestHead, target: RequestTarget): ClientRequest {
  const http = process.getBuiltinModule('node:http');
  return http.request({ ...requestOptions(head, target), createConnection: connection });
}

function requestOptions({ method, headers }: RequestHead, { host, path }: RequestTarget): ClientRequestArgs {
  return {
    method,
    path,
    headers: { ...headers, host },
  };
}
