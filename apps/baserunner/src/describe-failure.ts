import type { ClientRequest } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { isTransportFailure, TransportFailure } from '@serve.zone/baseos-cloudly-connector';
import { explainTlsFailure, type PeerCertificate } from './explain-tls-failure.js';

export interface FailureSituation {
  /** Where it happened, if not at the server that the request is for. */
  place?: string | undefined;
  certificate?: PeerCertificate | undefined;
  /** Whose certificate it should be. */
  hostname: string;
}

/** What is told of a failure. Never the error itself: a parser's carries the bytes that came in, and they may hold a token. */
export function describeFailure(error: unknown, { place, certificate, hostname }: FailureSituation): Error {
  if (isTransportFailure(error)) return error;
  const { message, code } = error as NodeJS.ErrnoException;
  const refusal = explainTlsFailure(code, { certificate, hostname, nowMs: Date.now() });
  if (refusal) return new TransportFailure({ ...refusal, place });
  if (place !== undefined && code !== undefined) return new TransportFailure({ reason: code, place });
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}

/** Keeps the certificate that the other side shows: Node lets go of it together with a connection that it refuses. */
export function watchCertificate(request: ClientRequest): () => PeerCertificate | undefined {
  let certificate: PeerCertificate | undefined;
  request.once('socket', (socket) => {
    if (request.reusedSocket || !('getPeerCertificate' in socket)) return;
    // Before Node's own listener, which is the one that refuses. getPeerX509Certificate would spoil what that one reads.
    socket.prependOnceListener('secure', () => {
      const shown = (socket as TLSSocket).getPeerCertificate(true);
      if (Object.keys(shown).length > 0) certificate = shown;
    });
  });
  return () => certificate;
}
