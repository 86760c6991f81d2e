import { FleetStoreError } from '../../fleet/fleet-store-error.js';
import { requireCurrentSchema, requireKnownSchema } from '../records/schema-version.js';
import type { Database, Queries } from './database.js';
import type { Statement } from './statement.js';

interface MigrateOptions {
  schema: string;
  /** For messages. */
  location: string;
  /** Whether to create a fleet where there is none, and to upgrade one of an older version. */
  create: boolean;
}

/**
 * Brings a new or older fleet to the newest schema, in one transaction. Several processes may do so at once: the first one
 * does it, and the others wait and find it done.
 *
 * @throws FleetStoreError for a database that cannot hold a fleet, for one of a newer version, and for one without a current
 * fleet if `create` is false.
 */
export async function migrate(
  database: Database,
  migrations: readonly string[],
  { schema, location, create }: MigrateOptions,
): Promise<void> {
  const current = migrations.length;
  const foundAtFirst = await schemaVersion(database, schema, current);
  if (foundAtFirst === current) return;
  if (!create) {
    const places = { database: `(${location})`, place: `the schema ${schema} (${location})` };
    requireCurrentSchema({ found: foundAtFirst ?? 0, current }, places);
  }
  await database.unboundedTransaction(async (inTransaction) => {
    const run = (text: string, values: readonly unknown[] = []) => inTransaction.query({ text }, values);
    await run('SELECT pg_advisory_xact_lock(hashtextextended($1, $2))', [schema, LOCK_SEED]);
    const found = await schemaVersion(inTransaction, schema, current);
    if (found === undefined) await run(`CREATE SCHEMA ${schema}`);
    await run(`SET LOCAL search_path TO ${schema}`);
    for (const migration of migrations.slice(found ?? 0)) await run(migration);
    if (!found) {
      const cloudlyId = globalThis.crypto.randomUUID();
      await run('INSERT INTO cloudly (only_row, schema_version, cloudly_id) VALUES (1, 0, $1)', [cloudlyId]);
    }
    await run('UPDATE cloudly SET schema_version = $1', [current]);
  });
}

/** Some number, so that the lock does not meet a lock of another program. */
const LOCK_SEED = 0x424f5343;

/** 0 for an empty schema, `undefined` where there is none. */
async function schemaVersion({ query }: Queries, schema: string, current: number): Promise<number | undefined> {
  const [facts] = await query<SchemaFacts>(schemaFacts, [schema]);
  if (facts?.encoding !== 'UTF8') {
    const message = `The database has the encoding ${facts?.encoding}, but a fleet needs UTF8`;
    throw new FleetStoreError('database-unusable', message, { remedy: 'Use a database with the encoding UTF8.' });
  }
  if (!facts.is_there) return undefined;
  if (!facts.is_fleet) {
    if (facts.is_empty) return 0;
    throw new FleetStoreError('database-foreign', `The schema ${schema} holds the data of another program`);
  }
  const text = `SELECT schema_version FROM ${schema}.cloudly`;
  const [row] = await query<{ schema_version: number }>({ text });
  const found = row?.schema_version ?? 0;
  requireKnownSchema({ found, current });
  if (found > 0 && !facts.is_whole) {
    const message = `The schema ${schema} has only some of the tables of a fleet`;
    throw new FleetStoreError('database-unusable', message, { remedy: 'Restore a whole backup.' });
  }
  return found;
}

interface SchemaFacts {
  encoding: string;
  is_there: boolean;
  is_empty: boolean;
  is_fleet: boolean;
  /** Has the tables of the first version, which every later one has too. */
  is_whole: boolean;
}

const schemaFacts: Statement = {
  text: `
    SELECT
      current_setting('server_encoding') AS encoding,
      EXISTS (SELECT FROM pg_namespace WHERE nspname = $1) AS is_there,
      NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1)) AS is_empty,
      (
        SELECT count(*) = 2 FROM pg_attribute
        WHERE attrelid = to_regclass(format('%I.cloudly', $1)) AND attname IN ('schema_version', 'cloudly_id')
      ) AS is_fleet,
      (
        SELECT bool_and(to_regclass(format('%I.%I', $1, name)) IS NOT NULL)
        FROM unnest(ARRAY['join_token', 'node', 'presence', 'status', 'history', 'command']) AS name
      ) AS is_whole`,
};
