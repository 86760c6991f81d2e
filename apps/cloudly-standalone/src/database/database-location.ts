import { describePostgresUrl } from '@serve.zone/baseos-cloudly-handlers/postgres';
import { UsageError } from '@serve.zone/baseos-command-line';
import { type Given, readSetting } from '../settings/read-settings.js';
import { databaseSettings, defaultData } from './database-settings.js';
import { sqlitePath } from './sqlite-path.js';

/** Where a fleet is kept. */
export type DatabaseLocation =
  | { kind: 'sqlite'; path: string }
  /** As in libpq; it may contain a password. */
  | { kind: 'postgres'; url: string };

export interface DatabaseFlags {
  data?: string | undefined;
  database?: string | undefined;
}

/**
 * The fleet of a command line. A flag takes precedence over the environment.
 *
 * @throws UsageError for two at once, and for a URL that cannot be intended.
 */
export function databaseLocation({ data, database }: DatabaseFlags, env: Given['env']): DatabaseLocation {
  if (data !== undefined && database !== undefined) {
    throw new UsageError('--data and --database cannot be used together. Give one of them.');
  }
  const given = { args: { data, database }, env };
  const path = readSetting(databaseSettings.data, given);
  if (path !== undefined) return { kind: 'sqlite', path: sqlitePath(path) };
  const url = readSetting(databaseSettings.database, given) ?? readSetting(databaseSettings.databaseUrl, given);
  if (url === undefined) return { kind: 'sqlite', path: sqlitePath(defaultData) };
  const password = readSetting(databaseSettings.databasePassword, given);
  return { kind: 'postgres', url: password === undefined ? url : withPassword(url, password) };
}

/** Where it is, in words and without a password. */
export function describeLocation(location: DatabaseLocation): string {
  return location.kind === 'sqlite' ? location.path : describePostgresUrl(location.url);
}

function withPassword(url: string, password: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}password=${encodeURIComponent(password)}`;
}
