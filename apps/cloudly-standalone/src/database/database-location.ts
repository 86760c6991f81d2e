import { describePostgresUrl } from '@serve.zone/baseos-cloudly-handlers/postgres';
import { readTextFile, UsageError } from '@serve.zone/baseos-command-line';
import { readPath } from '../flags/read-flag.js';
import { sqlitePath } from './sqlite-path.js';

/** Where a fleet is kept. */
export type DatabaseLocation =
  | { kind: 'sqlite'; path: string }
  /** As in libpq; it may contain a password. */
  | { kind: 'postgres'; url: string };

/** Where `serve` keeps its data by default. */
const defaultData = './cloudly-data';

/** Instead of `--database`, for a URL that must stay private. */
const urlVariable = 'CLOUDLY_DATABASE_URL';

/** A file with only the password, as orchestrators provide secrets. */
const passwordFileVariable = 'CLOUDLY_DATABASE_PASSWORD_FILE';

/** Of every command that works on a fleet. */
export const databaseFlags = {
  data: {
    type: 'string',
    valueHint: 'path',
    description: `A fleet in SQLite: a folder or the file itself (default: ${defaultData})`,
  },
  database: {
    type: 'string',
    valueHint: 'postgres://...',
    description: `A fleet in PostgreSQL; put a URL with a password into ${urlVariable}`,
  },
} as const;

export interface DatabaseFlags {
  data?: string | undefined;
  database?: string | undefined;
}

/**
 * The fleet of a command line. A flag takes precedence over the environment.
 *
 * @throws UsageError for two at once, and for a URL that cannot be intended.
 */
export function databaseLocation(
  { data, database }: DatabaseFlags,
  env: Readonly<Record<string, string | undefined>>,
): DatabaseLocation {
  if (data !== undefined && database !== undefined) {
    throw new UsageError('--data and --database cannot be used together. Give one of them.');
  }
  if (database !== undefined) return onPostgres(withoutPassword(readUrl('--database', database)), env);
  const url = data === undefined ? env[urlVariable] : undefined;
  if (url) return onPostgres(readUrl(urlVariable, url), env);
  return { kind: 'sqlite', path: sqlitePath(data === undefined ? defaultData : readPath('--data', data)) };
}

/** Where it is, in words and without a password. */
export function describeLocation(location: DatabaseLocation): string {
  return location.kind === 'sqlite' ? location.path : describePostgresUrl(location.url);
}

function onPostgres(url: string, env: Readonly<Record<string, string | undefined>>): DatabaseLocation {
  const file = env[passwordFileVariable];
  if (!file) return { kind: 'postgres', url };
  let password: string;
  try {
    password = readTextFile(file).replace(/\r?\n$/, '');
  } catch (error) {
    throw new UsageError(`${passwordFileVariable} cannot be read: ${(error as Error).message}.`);
  }
  if (password === '')
    throw new UsageError(`${passwordFileVariable} names an empty file. Write the password to the file.`);
  return { kind: 'postgres', url: `${url}${url.includes('?') ? '&' : '?'}password=${encodeURIComponent(password)}` };
}

function readUrl(name: string, url: string): string {
  try {
    describePostgresUrl(url);
    return url;
  } catch (error) {
    // The driver's words name its own parameter, and do not repeat the URL.
    const { message } = error as Error;
    throw new UsageError(`${message.replace(/^connectionString/, name)}.`);
  }
}

function withoutPassword(url: string): string {
  const [, user = ''] = /^\w+:\/\/([^/?#]*)@/.exec(url) ?? [];
  if (!user.includes(':') && !/[?&]password=/.test(url)) return url;
  throw new UsageError(
    '--database contains a password, which everybody on this machine can see in the process list. Put the URL into ' +
      `${urlVariable} instead, or put only the password into PGPASSWORD.`,
  );
}
