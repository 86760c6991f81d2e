import process from 'node:process';
import pg from 'pg';
import { readTlsSettings, type TlsParameters, tlsParameters, type TlsSettings } from './tls-settings.js';

/** Where a connection string leads, and how. */
export interface ConnectionSettings {
  /** For the driver, without the parts that it reads differently from libpq. It may hold a password. */
  connectionString: string;
  tls: TlsSettings;
  /** The place in words, without user and password. */
  location: string;
}

/**
 * Names the server and database of a connection string in words, without user and password.
 *
 * @param name what an error calls the string, such as the setting that it comes from
 * @throws TypeError for an invalid string. It does not repeat the string, which may hold a password.
 */
export function describePostgresUrl(connectionString: string, name?: string): string {
  return readConnectionString(connectionString, name).location;
}

/** @throws TypeError for an invalid string. It does not repeat the string, which may hold a password. */
export function readConnectionString(connectionString: string, name = 'connectionString'): ConnectionSettings {
  // A URL parser drops them silently, also inside a password.
  if (/\p{Cc}/u.test(connectionString)) {
    throw new TypeError(`${name} contains a line break or another control character. Write it as %0A or the like`);
  }
  if (connectionString !== connectionString.trim()) {
    throw new TypeError(`${name} begins or ends with a space. Remove it, or write it as %20`);
  }
  const [, authority = '', rest] = /^postgres(?:ql)?:\/\/([^/?#]*)(.*)$/s.exec(connectionString) ?? [];
  if (rest === undefined) {
    throw new TypeError(`${name} must look like postgres://user:password@host:5432/database`);
  }
  // Otherwise a part of the password would be read as host or port, and appear in messages.
  if (rest.includes('@')) {
    throw new TypeError(
      `${name} contains an @ after its host. Write the characters / ? # @ of user and password as %2F %3F %23 %40`,
    );
  }
  const { kept, tls } = splitParameters(asLibpqReads(connectionString));
  refuseSeveral(authority.replace(/^.*@/s, ''), name);
  const { host, port, database } = readByDriver(kept, name);
  refuseSeveral(host, name);
  if (!(port >= 1 && port <= 65_535)) {
    throw new TypeError(`${name} (or PGPORT) must have a port from 1 to 65535`);
  }
  const isSocket = host.startsWith('/');
  const server = isSocket ? host : `${host}:${port}`;
  return {
    connectionString: kept,
    tls: readTlsSettings(tls, process.env, { isSocket }),
    location: `PostgreSQL at ${server}, database ${database ?? 'of its user'}`,
  };
}

/**
 * Encodes the characters that a URL parser would not take literally. One raw space makes the driver encode the whole string
 * once more, and with it a password that is encoded already.
 */
function asLibpqReads(connectionString: string): string {
  const encoded = connectionString
    .replaceAll(' ', '%20')
    .replaceAll(/%(?![\da-f]{2})/gi, '%25')
    .replaceAll('#', '%23');
  const [path = '', ...query] = encoded.split('?');
  // For libpq a plus is not a space.
  return query.length === 0 ? path : `${path}?${query.join('?').replaceAll('+', '%2B')}`;
}

function splitParameters(connectionString: string): { kept: string; tls: TlsParameters } {
  const [path = '', query = ''] = connectionString.split(/\?(.*)/s);
  const parameters = new URLSearchParams(query);
  const tls: Record<string, string> = {};
  for (const name of tlsParameters) {
    const value = parameters.getAll(name).at(-1);
    if (value !== undefined) tls[name] = value;
  }
  const names = new Set<string>(tlsParameters);
  const others = query.split('&').filter((pair) => pair !== '' && !names.has(pair.replace(/=.*$/s, '')));
  return { kept: others.length === 0 ? path : `${path}?${others.join('&')}`, tls };
}

function refuseSeveral(hosts: string, name: string): void {
  if (hosts.includes(',')) throw new TypeError(`${name} names several hosts. Name one`);
}

function readByDriver(connectionString: string, name: string): pg.Client {
  let reason: string;
  try {
    return new pg.Client({ connectionString, ssl: {} });
  } catch (error) {
    reason = error instanceof Error ? error.message : String(error);
  }
  // Without the driver's error as cause, because it may hold the string.
  throw new TypeError(
    `${name} cannot be read (${reason}). It must look like postgres://user:password@host:5432/database`,
  );
}
