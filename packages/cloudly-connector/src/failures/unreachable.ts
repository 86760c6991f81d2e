import type { NoVerdict } from '../outcomes/outcome.js';
import { explainTlsError } from './explain-tls-error.js';
import { codeOf } from './error-code.js';
import { addressesTried } from './failed-addresses.js';
import { type FailedAddress, isTransportFailure, type TransportFailureDetails } from './transport-failure.js';

/**
 * What a transport's error means. The error itself is not passed on: its message may contain the URL, its inspection the
 * Authorization header. Only the details of a `TransportFailure` are repeated.
 */
export function unreachable(error: unknown, origin: string): Extract<NoVerdict, { kind: 'unreachable' }> {
  const { reason, place, explanation, remedy, address, otherAddresses = [] } = detailsOf(causeChain(error));
  const where = place === undefined ? '' : `at ${place}, `;
  const others = otherAddresses.slice(0, OTHERS_MAX).map((other) => `${causeAt(other)}; `);
  const untold = otherAddresses.length - others.length;
  if (untold > 0) others.push(`${untold} more addresses failed; `);
  const cause = address === undefined ? causeOf({ reason, explanation }) : causeAt({ address, reason, explanation });
  return {
    kind: 'unreachable',
    reason,
    message: `No answer came from ${origin}: ${where}${others.join('')}${cause}`,
    ...(remedy !== undefined && { remedy }),
  };
}

/** More would not fit into a log line. */
const OTHERS_MAX = 3;

function detailsOf(chain: readonly object[]): TransportFailureDetails {
  return (
    chain.find(isTransportFailure)?.details ??
    addressesTried(chain) ??
    firstOf(chain, explainTlsError) ?? { reason: reasonOf(chain) }
  );
}

function firstOf<Value>(chain: readonly object[], explain: (error: object) => Value | undefined): Value | undefined {
  return chain.map(explain).find((explained) => explained !== undefined);
}

function causeAt({ address, ...failure }: FailedAddress): string {
  return `${address}: ${causeOf(failure)}`;
}

function causeOf({ reason, explanation = meaningOf(reason) }: Omit<FailedAddress, 'address'>): string {
  return explanation === undefined ? reason : `${explanation} (${reason})`;
}

const BROKEN = 'the connection broke';
const NO_ROUTE = 'there is no route to it';
const UNTRUSTED = 'its certificate is not trusted on this device';

/** The usual codes in plain words. */
const meanings: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing accepts connections there',
  ENOTFOUND: 'its host name could not be resolved',
  EAI_AGAIN: 'the DNS lookup of its host name failed',
  ECONNRESET: BROKEN,
  EPIPE: BROKEN,
  UND_ERR_SOCKET: BROKEN,
  ETIMEDOUT: 'it does not respond to the connection attempt',
  UND_ERR_CONNECT_TIMEOUT: 'it does not respond to the connection attempt',
  ENETUNREACH: NO_ROUTE,
  EHOSTUNREACH: NO_ROUTE,
  CERT_HAS_EXPIRED: 'its certificate has expired, or the clock of this device is ahead',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet, or the clock of this device is behind',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate was issued for another host name',
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
};

/** Node's HTTP parser has many codes for answers that it cannot parse. */
function meaningOf(reason: string): string | undefined {
  return reason.startsWith('HPE_') ? 'it does not speak HTTP' : meanings[reason];
}

/** Deno's errors have no codes. */
const phrases: readonly (readonly [RegExp, string])[] = [
  [/connection refused/i, 'ECONNREFUSED'],
  [/connection reset|reading a body from connection/i, 'ECONNRESET'],
  [/dns error|failed to lookup/i, 'ENOTFOUND'],
  [/network is unreachable/i, 'ENETUNREACH'],
  [/no route to host/i, 'EHOSTUNREACH'],
  [/certificate.*expired/i, 'CERT_HAS_EXPIRED'],
  [/certificate.*not ?valid ?yet/i, 'CERT_NOT_YET_VALID'],
  [/certificate.*not ?valid ?for ?name/i, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  [/certificate/i, 'certificate not trusted'],
  [/requires net access/i, 'network access denied to this process'],
];

function reasonOf(chain: readonly object[]): string {
  const codes = chain.map(codeOf).filter((code) => code !== undefined);
  // The system's code says more than the code of the library around it.
  return codes.find((code) => /^E(?!RR_)[A-Z0-9_]+$/.test(code)) ?? codes[0] ?? phraseFor(chain) ?? 'connection failed';
}

function phraseFor(chain: readonly object[]): string | undefined {
  const messages = chain.map((error) => ('message' in error ? String(error.message) : '')).join('\n');
  return phrases.find(([pattern]) => pattern.test(messages))?.[1];
}

const CHAIN_MAX = 16;

/** The error, its causes, and the errors of an aggregate (one for each address that was tried). */
function causeChain(error: unknown): object[] {
  const chain: object[] = [];
  const pending = [error];
  while (pending.length > 0 && chain.length < CHAIN_MAX) {
    const candidate = pending.shift();
    if (typeof candidate !== 'object' || candidate === null) continue;
    chain.push(candidate);
    if ('cause' in candidate) pending.push(candidate.cause);
    if ('errors' in candidate && Array.isArray(candidate.errors)) pending.push(...(candidate.errors as unknown[]));
  }
  return chain;
}
