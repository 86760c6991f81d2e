import type { Socket } from 'node:net';
import type { SecureContext, TLSSocket } from 'node:tls';
import { explainTlsError, handshakeBrokenOff, TransportFailure } from '@serve.zone/baseos-cloudly-connector';
import { explainCertificate, type PeerCertificate } from './explain-certificate.js';
import { hostOf, type Party } from './party.js';

/** The last session with a party: with it the next connection needs no certificate, which saves time on a slow link. */
export interface TlsSession {
  latest?: Buffer | undefined;
}

export interface SecureOptions {
  /** Ends the handshake, and with it the connection. */
  signal: AbortSignal;
  /** The certificate authorities that are trusted. @default Node's own */
  secureContext?: SecureContext | undefined;
  session?: TlsSession | undefined;
}

/**
 * TLS over a connection, for its party: server name and certificate are those of the party, whatever the request
 * contains. The certificate is verified regardless of the environment. Rejects with a `TransportFailure`.
 */
export function secureConnection(connection: Socket, party: Party, options: SecureOptions): Promise<TLSSocket> {
  const { signal, session } = options;
  return new Promise((resolve, reject) => {
    const socket = startTls(connection, party, options, true);
    const end = (): void => {
      socket.destroy();
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', end, { once: true });
    const certificate = watchCertificate(socket);
    const fail = (error: Error): void => {
      signal.removeEventListener('abort', end);
      reject(handshakeFailure(error, party, certificate()));
    };
    socket.once('error', fail);
    socket.once('close', fail);
    socket.on('session', (latest) => {
      if (session) session.latest = latest;
    });
    socket.once('secureConnect', () => {
      socket.off('error', fail).off('close', fail);
      resolve(socket);
    });
  });
}

/** @param mustBeTrusted whether a certificate that is not ends the connection */
export function startTls(
  socket: Socket,
  { url }: Party,
  { secureContext, session }: Omit<SecureOptions, 'signal'>,
  mustBeTrusted: boolean,
): TLSSocket {
  const host = hostOf(url);
  const servername = process.getBuiltinModule('node:net').isIP(host) === 0 ? host : '';
  const secure = process.getBuiltinModule('node:tls').connect({
    socket,
    host,
    servername,
    rejectUnauthorized: mustBeTrusted,
    ALPNProtocols: ['http/1.1'],
    ...(session?.latest && { session: session.latest }),
    ...(secureContext && { secureContext }),
  });
  // The next owner also sees a failure when the connection closes; an error between two listeners must not end the process.
  return secure.on('error', () => undefined);
}

/** How a failed handshake is reported. */
export function handshakeFailure(
  error: NodeJS.ErrnoException | undefined,
  { url, place, variable }: Party,
  certificate: PeerCertificate | undefined,
): TransportFailure {
  const situation = { certificate, hostname: url.hostname, variable, nowMs: Date.now() };
  const { code = '' } = error ?? {};
  const details =
    explainCertificate(code, situation) ??
    explainTlsError(error) ??
    (breaks.has(code) ? { ...handshakeBrokenOff, ...(code !== '' && { reason: code }) } : { reason: code });
  return new TransportFailure({ ...details, place });
}

/** Empty if the connection was closed without an alert. */
const breaks: ReadonlySet<string> = new Set(['', 'ECONNRESET', 'EPIPE', 'ECONNABORTED']);

/** Keeps the certificate that the other side shows: Node drops it together with a connection that it refuses. */
function watchCertificate(socket: TLSSocket): () => PeerCertificate | undefined {
  let certificate: PeerCertificate | undefined;
  // Before Node's own listener, which refuses the connection. getPeerX509Certificate would change what that listener
  // reads.
  socket.prependOnceListener('secure', () => {
    certificate = shownCertificate(socket);
  });
  return () => certificate;
}

export function shownCertificate(socket: TLSSocket): PeerCertificate | undefined {
  const shown = socket.getPeerCertificate(true) as PeerCertificate | null;
  return shown !== null && Object.keys(shown).length > 0 ? shown : undefined;
}
