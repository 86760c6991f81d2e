import { describePostgresUrl } from '@serve.zone/baseos-cloudly-handlers/postgres';
import { UsageError } from '@serve.zone/baseos-command-line';
import { readPath } from '../flags/read-flag.js';
import { readSecretFile } from '../flags/read-secret-file.js';
import { flagsOf } from '../settings/flags-of.js';
import type { SettingsTable } from '../settings/setting.js';

/** Where `serve` keeps its data by default. */
export const defaultData = './cloudly-data';

const urlVariable = 'CLOUDLY_DATABASE_URL';

/** Where a fleet is: settings of every command that works on one. */
export const databaseSettings = {
  data: {
    name: '--data',
    valueHint: 'path',
    offers: 'files',
    description: 'A fleet in SQLite: a folder or the file itself',
    default: { words: defaultData },
    parse: readPath,
  },
  database: {
    name: '--database',
    valueHint: 'postgres://...',
    description: `A fleet in PostgreSQL; put a URL with a password into ${urlVariable}`,
    // Somebody may put the password there nevertheless.
    secret: true,
    parse: readUrlWithoutPassword,
  },
  databaseUrl: {
    name: urlVariable,
    description: 'Instead of `--database`; here the URL may contain a password',
    secret: true,
    parse: readUrl,
  },
  databasePassword: {
    name: 'CLOUDLY_DATABASE_PASSWORD_FILE',
    description: 'A file that contains only the password of the database, as orchestrators provide secrets',
    secret: true,
    parse: readPasswordFile,
  },
} as const satisfies SettingsTable;

export const databaseFlags = flagsOf(databaseSettings);

function readUrl(name: string, url: string): string {
  try {
    describePostgresUrl(url, name);
    return url;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}.`);
  }
}

/** Everybody on the machine can read a command line. */
function readUrlWithoutPassword(name: string, text: string): string {
  const url = readUrl(name, text);
  const [, user = ''] = /^\w+:\/\/([^/?#]*)@/.exec(url) ?? [];
  if (!user.includes(':') && !/[?&]password=/.test(url)) return url;
  throw new UsageError(
    `${name} contains a password, which everybody on this machine can see in the process list. Put the URL into ` +
      `${urlVariable} instead, or put only the password into PGPASSWORD.`,
  );
}

function readPasswordFile(name: string, path: string): string {
  return readSecretFile(name, path, 'password');
}
