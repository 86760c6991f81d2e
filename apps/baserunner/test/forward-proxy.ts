import { createServer, type IncomingHttpHeaders, type IncomingMessage, request as sendOn } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { listenOnLoopback } from '@serve.zone/baseos-testing/network/listen-on-loopback';
import { onTestFinished } from 'vitest';
import type { Identity } from './certificate-authority.js';

export interface ForwardProxyOptions {
  /** The accepted login, as `user:password`. @default everybody */
  credentials?: string;
  /** Addresses of names that only this proxy resolves. */
  hosts?: Readonly<Record<string, string>>;
  /** Ports of this machine that stand for others. */
  ports?: Readonly<Record<number, number>>;
  /** Speaks TLS, as this. */
  identity?: Identity;
  /** What it does with a CONNECT instead of opening the tunnel. */
  onConnect?: (socket: Duplex) => void;
}

export interface ForwardProxy {
  url: string;
  /** What it was asked for: `CONNECT host:port`, or a method with a whole URL. */
  requests: { line: string; headers: IncomingHttpHeaders }[];
  /** The server names that TLS was asked for. */
  serverNames: (string | false | null | undefined)[];
  /** Every connection to it that is open. */
  sockets: ReadonlySet<Socket>;
  /** It asks for credentials no more. */
  admitEverybody(): void;
  close(): Promise<void>;
}

/** A forward proxy on loopback: it tunnels CONNECT and fetches complete URLs. It ends with the test. */
export async function startForwardProxy(options: ForwardProxyOptions = {}): Promise<ForwardProxy> {
  const { hosts = {}, ports = {}, identity, onConnect } = options;
  let { credentials } = options;
  const requests: ForwardProxy['requests'] = [];
  const server = identity ? createTlsServer(identity) : createServer();
  const isAdmitted = (incoming: IncomingMessage): boolean => {
    requests.push({ line: `${incoming.method} ${incoming.url}`, headers: incoming.headers });
    const expected = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
    return expected === undefined || incoming.headers['proxy-authorization'] === expected;
  };
  const serverNames: ForwardProxy['serverNames'] = [];
  server.on('secureConnection', ({ servername }: TLSSocket) => serverNames.push(servername));
  server.on('connect', (incoming: IncomingMessage, socket: Duplex) => {
    const { hostname, port } = new URL(`http://${incoming.url}`);
    socket.on('error', () => undefined).on('end', () => socket.end());
    if (!isAdmitted(incoming)) socket.end(proxyAuthenticationRequired);
    else if (onConnect) onConnect(socket.resume());
    else tunnel(socket, ports[Number(port)] ?? Number(port), hosts[hostname] ?? hostname);
  });
  server.on('request', (incoming: IncomingMessage, answer) => {
    if (!isAdmitted(incoming)) {
      answer.writeHead(407, { 'proxy-authenticate': 'Basic' }).end('no');
      return;
    }
    const { 'proxy-authorization': _, ...headers } = incoming.headers;
    const target = new URL(incoming.url ?? '');
    target.hostname = hosts[target.hostname] ?? target.hostname;
    const onward = sendOn(target, { method: incoming.method, headers, agent: false }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    onward.on('error', () => answer.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>'));
    incoming.pipe(onward);
    answer.on('close', () => onward.destroy());
  });
  const { port, sockets, close } = await listenOnLoopback(server);
  onTestFinished(close);
  return {
    url: `${identity ? 'https' : 'http'}://127.0.0.1:${port}`,
    requests,
    serverNames,
    sockets,
    admitEverybody: () => (credentials = undefined),
    close,
  };
}

const proxyAuthenticationRequired =
  'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 2\r\n\r\nno';

function tunnel(socket: Duplex, port: number, host: string): void {
  let isOpen = false;
  const upstream = connect(port, host, () => {
    isOpen = true;
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    upstream.pipe(socket).pipe(upstream);
  });
  upstream.on('error', () => {
    // What is in a tunnel is the server's alone.
    if (isOpen) socket.destroy();
    else socket.end('HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\n\r\n<h1>502</h1>');
  });
  socket.on('close', () => upstream.destroy());
  upstream.on('close', () => socket.destroy());
}
