import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { hasReadableTarget } from './has-readable-target.js';
import { plainAddress } from '../address/plain-address.js';

/** Why requests and connections are rejected before they reach the app, and the answer to each. */
export const refusalStatuses = {
  malformed: 400,
  'headers-too-large': 431,
  'chunk-extensions-too-large': 413,
  'too-slow': 408,
  silent: 408,
  'broken-off': 400,
  host: 400,
  target: 400,
  expectation: 417,
  tunnel: 501,
  tls: undefined,
} as const;
export type RefusalReason = keyof typeof refusalStatuses;

/** A rejection on a connection. Only the address in it comes from the client. */
export interface Refusal {
  reason: RefusalReason;
  /** The status of the answer; absent if there was none. */
  status: number | undefined;
  /** The address of the other end: that of the proxy, if there is one. */
  address: string | undefined;
  /** The code of Node's or OpenSSL's error. */
  code: string | undefined;
}

/** Whether a request was rejected here; then nothing else may answer it. */
export type RefuseRequest = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * Rejects requests that must not be answered, as Node itself does, and reports them, which Node does not. A request of
 * HTTP/1.1 must name one host (RFC 9112, section 3.2); one of HTTP/1.0 need not, and the probes of load balancers do
 * not. Create the server with `requireHostHeader: false`; otherwise Node itself rejects them.
 */
export function handleRefusals(server: Server, onRefusal: (refusal: Refusal) => void): RefuseRequest {
  const inFlight = new WeakMap<Duplex, ServerResponse>();

  const tell = (reason: RefusalReason, address: string | undefined, status?: number, code?: string): void =>
    onRefusal({ reason, status, address, code });

  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const { code = '' } = error;
    const reason = reasonOf(code, socket);
    if (reason === undefined) {
      // The connection was lost: that is no fault of the client.
      socket.destroy(error);
      return;
    }
    const status = refusalStatuses[reason];
    // In the middle of an answer, a second one would become part of it.
    const canAnswer = status !== undefined && socket.writable && inFlight.get(socket)?.headersSent !== true;
    if (canAnswer) socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n\r\n`);
    const address = addressOf(socket);
    socket.destroy(error);
    tell(reason, address, canAnswer ? status : undefined, code);
  });
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(417).end();
    tell('expectation', addressOf(request.socket), 417);
  });
  // Node would close the connection without an answer. From here on, nothing else handles the connection.
  server.on('connect', (request: IncomingMessage, socket: Duplex) => {
    socket.on('error', () => undefined);
    socket.end('HTTP/1.1 501 Not Implemented\r\nConnection: close\r\n\r\n', () => socket.destroy());
    tell('tunnel', addressOf(request.socket), 501);
  });

  return (request, response) => {
    const { socket } = request;
    inFlight.set(socket, response);
    response.once('close', () => {
      if (inFlight.get(socket) === response) inFlight.delete(socket);
    });
    if (!namesHost(request)) {
      response.writeHead(400, { connection: 'close' }).end();
      tell('host', addressOf(socket), 400);
      return true;
    }
    if (!hasReadableTarget(request)) {
      response.writeHead(400).end();
      tell('target', addressOf(socket), 400);
      return true;
    }
    return false;
  };
}

/** No longer known once a TLS connection is closed. */
function addressOf(socket: Duplex): string | undefined {
  return plainAddress((socket as Partial<TLSSocket>).remoteAddress ?? '');
}

function namesHost({ rawHeaders, httpVersionMinor }: IncomingMessage): boolean {
  const names = rawHeaders.filter((_, index) => index % 2 === 0);
  const count = names.filter((name) => name.toLowerCase() === 'host').length;
  return count === 1 || (count === 0 && httpVersionMinor === 0);
}

function reasonOf(code: string, socket: Duplex): RefusalReason | undefined {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return 'headers-too-large';
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return 'chunk-extensions-too-large';
    case 'HPE_INVALID_EOF_STATE':
      return 'broken-off';
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return (socket as Partial<TLSSocket>).bytesRead === 0 ? 'silent' : 'too-slow';
    default:
      if (/^ERR_(?:SSL|TLS)_/.test(code)) return 'tls';
      return code.startsWith('HPE_') ? 'malformed' : undefined;
  }
}
