import pg from 'pg';
import { isFleetStoreError } from '../../../fleet/fleet-store-error.js';
import { NotPostgresError } from './tidy-client.js';
import { TlsFileError } from './tls-settings.js';

/** Why PostgreSQL cannot be used, as far as an operator can do something about it. */
export type PostgresProblem =
  | 'refused'
  | 'unknown-host'
  | 'no-route'
  | 'no-socket'
  | 'silent'
  | 'closed'
  | 'not-postgres'
  | 'no-tls'
  | 'untrusted'
  | 'wrong-name'
  | 'certificate-dates'
  | 'client-certificate'
  | 'tls-failed'
  | 'tls-file'
  | 'no-password'
  | 'wrong-password'
  | 'user-refused'
  | 'unknown-authentication'
  | 'no-database'
  | 'not-permitted'
  | 'too-many-connections'
  | 'starting-or-ending'
  | 'read-only'
  | 'disk-full'
  | 'out-of-memory'
  | 'storage-failed'
  | 'pooled'
  | 'protocol';

/** The problem behind an error of the store or of the driver; `undefined` for any other error. */
export function postgresProblemOf(error: unknown): PostgresProblem | undefined {
  if (isFleetStoreError(error)) return postgresProblemOf(error.cause);
  if (!(error instanceof Error) || error instanceof TypeError) return undefined;
  if (error instanceof NotPostgresError) return 'not-postgres';
  if (error instanceof TlsFileError) return 'tls-file';
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (error instanceof pg.DatabaseError && code !== '') return bySqlState(code);
  return byCode(code) ?? byMessage.find(([pattern]) => pattern.test(message))?.[1];
}

/** See https://www.postgresql.org/docs/current/errcodes-appendix.html. Messages come in the server's language. */
function bySqlState(sqlState: string): PostgresProblem | undefined {
  return sqlStates[sqlState] ?? (sqlState.startsWith('08') ? 'protocol' : undefined);
}

const sqlStates: Readonly<Record<string, PostgresProblem>> = {
  '28000': 'user-refused',
  '28P01': 'wrong-password',
  '3D000': 'no-database',
  '42501': 'not-permitted',
  '53300': 'too-many-connections',
  '57P01': 'starting-or-ending',
  '57P02': 'starting-or-ending',
  '57P03': 'starting-or-ending',
  '57P05': 'closed',
  '25006': 'read-only',
  '53100': 'disk-full',
  '53200': 'out-of-memory',
  '58030': 'storage-failed',
  '58P01': 'storage-failed',
  XX001: 'storage-failed',
  XX002: 'storage-failed',
  // A prepared statement of another session, or one that this session no longer has.
  '42P05': 'pooled',
  '26000': 'pooled',
};

/** Of the operating system, of Node (https://nodejs.org/api/errors.html) and of OpenSSL (X509_V_ERR_…, without that). */
function byCode(code: string): PostgresProblem | undefined {
  if (codes[code] !== undefined) return codes[code];
  if (/^ERR_SSL_.*ALERT.*(?:CERT|UNKNOWN_CA|HANDSHAKE_FAILURE)/.test(code)) return 'client-certificate';
  return /^(?:ERR_SSL_|ERR_TLS_|ERR_OSSL_|EPROTO$)/.test(code) ? 'tls-failed' : undefined;
}

const codes: Readonly<Record<string, PostgresProblem>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'unknown-host',
  EAI_AGAIN: 'unknown-host',
  EAI_FAIL: 'unknown-host',
  EAI_NODATA: 'unknown-host',
  EHOSTUNREACH: 'no-route',
  ENETUNREACH: 'no-route',
  EHOSTDOWN: 'no-route',
  ENETDOWN: 'no-route',
  EADDRNOTAVAIL: 'no-route',
  EINVAL: 'no-route',
  ENOENT: 'no-socket',
  EACCES: 'no-socket',
  EPERM: 'no-socket',
  ENOTSOCK: 'no-socket',
  ETIMEDOUT: 'silent',
  ECONNRESET: 'closed',
  EPIPE: 'closed',
  ECONNABORTED: 'closed',
  ERR_TLS_CERT_ALTNAME_INVALID: 'wrong-name',
  CERT_HAS_EXPIRED: 'certificate-dates',
  CERT_NOT_YET_VALID: 'certificate-dates',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'untrusted',
  CERT_UNTRUSTED: 'untrusted',
  CERT_REJECTED: 'untrusted',
  CERT_SIGNATURE_FAILURE: 'untrusted',
  CERT_CHAIN_TOO_LONG: 'untrusted',
  CERT_REVOKED: 'untrusted',
  INVALID_CA: 'untrusted',
  INVALID_PURPOSE: 'untrusted',
};

/** Errors of the driver, which have no codes. */
const byMessage: readonly (readonly [RegExp, PostgresProblem])[] = [
  [/does not support SSL connections/, 'no-tls'],
  [/error establishing an SSL connection|received invalid response/, 'not-postgres'],
  [/client password must be/, 'no-password'],
  [/^SASL: Only mechanism|Unknown authentication/i, 'unknown-authentication'],
  [/^SASL:/, 'wrong-password'],
  [/before secure TLS connection/, 'closed'],
  [/timeout/i, 'silent'],
  [/terminated|hang up|not queryable/, 'closed'],
];

/** What happened, in words. For an error that PostgreSQL reports, these are its own. */
export function reasonOf(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  const problem = postgresProblemOf(error);
  const own = problem && !(error instanceof pg.DatabaseError && code) ? reasons[problem] : undefined;
  if (problem === 'pooled') return `${error.message}, because a pooler shares the connection between several sessions`;
  if (own === undefined) return error.message || (code ?? error.name);
  return code === undefined ? own : `${own} (${code})`;
}

const reasons: Readonly<Partial<Record<PostgresProblem, string>>> = {
  refused: 'nothing listens there',
  'unknown-host': 'DNS lookup of the host failed',
  'no-route': 'there is no route to that address',
  'no-socket': 'the socket does not exist or may not be used',
  silent: 'the server did not answer in time',
  closed: 'the server closed the connection',
  'not-postgres': 'the server there is not PostgreSQL',
  'no-tls': 'the server does not offer TLS, which is required',
  untrusted: 'the certificate of the server was not issued by a trusted authority',
  'wrong-name': 'the certificate of the server was issued for another host',
  'certificate-dates': 'the certificate of the server has expired or is not valid yet',
  'client-certificate': 'the server rejected the client certificate, or requires one',
  'tls-failed': 'the TLS handshake failed',
  'no-password': 'the server requires a password, and none is set',
  'wrong-password': 'the server could not prove that it knows the password',
  'unknown-authentication': 'the server requires an authentication method that is not supported',
};
