import { UsageError } from '@serve.zone/baseos-command-line';
import { isLoopback } from '../address/host-reach.js';
import type { DatabaseFlags } from '../database/database-location.js';
import { databaseSettings } from '../database/database-settings.js';
import { type Given, readSetting } from '../settings/read-settings.js';
import { serverSettings } from './server-settings.js';

/** A server, and what lets its API be called. */
export interface ServerAccess {
  url: string;
  token: string;
}

/** Where the fleet of a command line is. */
export interface FleetFlags extends DatabaseFlags {
  server?: string | undefined;
  'token-file'?: string | undefined;
}

/**
 * The server that a command line or its environment names; `undefined` if its fleet is in a database of this machine.
 *
 * @throws UsageError for two fleets at once, and if there is no token that may be sent there.
 */
export function findServerAccess(flags: FleetFlags, env: Given['env']): ServerAccess | undefined {
  const url = findServerUrl(flags, env);
  if (url === undefined) {
    if (flags['token-file'] === undefined) return undefined;
    throw new UsageError('--token-file is for a fleet on a server. Name the server with --server or CLOUDLY_SERVER.');
  }
  const given = { args: { ...flags }, env };
  const token = readSetting(serverSettings.tokenFile, given) ?? readSetting(serverSettings.token, given);
  if (token === undefined) throw new UsageError(noToken);
  requireSafe(url, { env, secret: 'token' });
  return { url, token };
}

/** @throws UsageError for two fleets at once. */
export function findServerUrl(flags: FleetFlags, env: Given['env']): string | undefined {
  const given = { args: { ...flags }, env };
  const isDatabase = flags.data !== undefined || flags.database !== undefined;
  const named = readSetting(serverSettings.server, given);
  if (named !== undefined && isDatabase) {
    throw new UsageError('--server cannot be used together with --data or --database. Give one of them.');
  }
  if (named !== undefined || isDatabase) return named;
  const url = readSetting(serverSettings.serverVariable, given);
  if (url === undefined || readSetting(databaseSettings.databaseUrl, given) === undefined) return url;
  throw new UsageError('CLOUDLY_SERVER and CLOUDLY_DATABASE_URL are both set. Choose with --server or --database.');
}

const noToken =
  'There is no API token for the server. Put one into CLOUDLY_TOKEN, or name its file with --token-file. ' +
  'An admin makes one with `operator token create`.';

/** @throws UsageError if what must remain secret would travel in the clear. */
export function requireSafe(url: string, { env, secret }: { env: Given['env']; secret: 'token' | 'password' }): void {
  const { protocol, hostname } = new URL(url);
  const isInsecureAllowed = readSetting(serverSettings.allowInsecureHttp, { args: {}, env });
  if (protocol === 'https:' || isLoopback(hostname) || isInsecureAllowed) return;
  throw new UsageError(
    `The network could read the ${secret} on its way to ${url}. Use https, or set CLOUDLY_ALLOW_INSECURE_HTTP=1 in a network that ` +
      'you trust.',
  );
}
