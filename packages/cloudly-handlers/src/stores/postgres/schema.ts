import { FleetStoreError } from '../../fleet/fleet-store-error.js';
import type { Database, Queries } from './database.js';
import type { Statement } from './statement.js';

/**
 * Each brings a fleet from the version of its index to the next; a published one never changes. They run with the fleet's
 * schema as search path.
 *
 * A record is kept whole, as the JSON text that it came as; the columns beside it are what the database itself judges by
 * or changes. As text, because jsonb takes no \u0000 and changes numbers and the order of keys.
 */
const migrations: readonly string[] = [
  `
  CREATE TABLE cloudly (
    only_row integer PRIMARY KEY CHECK (only_row = 1),
    schema_version integer NOT NULL,
    cloudly_id text NOT NULL
  );

  CREATE TABLE join_token (
    position bigint GENERATED ALWAYS AS IDENTITY,
    id text PRIMARY KEY,
    hash text NOT NULL UNIQUE,
    used_count bigint NOT NULL,
    revoked_at_ms bigint,
    record text NOT NULL
  );

  CREATE TABLE node (
    node_id text COLLATE "C" PRIMARY KEY,
    revision bigint NOT NULL,
    join_token_id text NOT NULL,
    approved_at_ms bigint,
    revoked_at_ms bigint,
    current_token_hash text UNIQUE,
    next_token_hash text UNIQUE,
    record text NOT NULL
  );
  CREATE INDEX node_active ON node (node_id) WHERE approved_at_ms IS NOT NULL AND revoked_at_ms IS NULL;
  CREATE INDEX node_pending ON node (join_token_id) WHERE approved_at_ms IS NULL AND revoked_at_ms IS NULL;
  CREATE INDEX node_revoked ON node (node_id) WHERE revoked_at_ms IS NOT NULL;

  -- The last heartbeat, apart from node because it is written with every one, and by what it is judged: the process whose
  -- reports are kept, none of a revoked node. Whoever writes a report locks this row alone, and so never waits in a circle with who has
  -- locked the node. That is why status and history refer to it and not to node. It has no index on what changes with
  -- every heartbeat, so that rows are rewritten in their place.
  CREATE TABLE presence (
    node_id text COLLATE "C" PRIMARY KEY REFERENCES node ON DELETE CASCADE,
    accepted_boot_id text,
    boot_id text,
    sequence bigint,
    received_at_ms bigint,
    expected_by_ms bigint,
    vitals text,
    running_command text,
    detail_count bigint,
    hours_count bigint
  ) WITH (fillfactor = 50);

  -- Apart from presence, because it may be large and changes seldom.
  CREATE TABLE status (
    node_id text COLLATE "C" PRIMARY KEY REFERENCES presence ON DELETE CASCADE,
    boot_id text NOT NULL,
    received_at_ms bigint NOT NULL,
    hash text,
    status text NOT NULL
  );

  -- The slots that are closed; the open ones follow from presence.
  CREATE TABLE history (
    node_id text COLLATE "C" REFERENCES presence ON DELETE CASCADE,
    resolution text,
    start_ms bigint,
    heartbeat_count bigint NOT NULL,
    vitals text,
    PRIMARY KEY (node_id, resolution, start_ms)
  );
  CREATE INDEX history_age ON history (resolution, start_ms);

  CREATE TABLE command (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    node_id text COLLATE "C" NOT NULL REFERENCES node ON DELETE CASCADE,
    id text NOT NULL,
    queued_at_ms bigint NOT NULL,
    expires_at_ms bigint NOT NULL,
    listed_at_ms bigint,
    cancelled_at_ms bigint,
    result text,
    record text NOT NULL,
    UNIQUE (node_id, id)
  );
  CREATE INDEX command_expiry ON command (node_id, expires_at_ms);
  CREATE INDEX command_age ON command (expires_at_ms);
  `,
  `
  ALTER TABLE join_token ADD COLUMN revoked_reason text;
  `,
  `
  -- When it was last tried whether the fleet can be written.
  ALTER TABLE cloudly ADD COLUMN probed_at_ms bigint NOT NULL DEFAULT 0;
  `,
];

interface MigrateOptions {
  schema: string;
  /** For messages. */
  location: string;
  /** Whether to make a fleet where there is none, and to carry one of an older version on. */
  create: boolean;
  newCloudlyId: () => string;
}

/**
 * Brings a new or older fleet to this version's tables, in one transaction. Several processes may do so at once: the first
 * does it, the others wait and find it done.
 *
 * @throws FleetStoreError for a database that cannot hold a fleet, for one of a newer version, and for one without where none is
 * to be made.
 */
export async function migrate(database: Database, options: MigrateOptions): Promise<void> {
  const { schema, location, create, newCloudlyId } = options;
  const versionBefore = await schemaVersion(database, schema);
  if (versionBefore === migrations.length) return;
  if (!versionBefore && !create) {
    throw new FleetStoreError('database-missing', `There is no fleet in the schema ${schema} (${location})`);
  }
  if (versionBefore && !create) {
    throw new FleetStoreError(
      'database-older',
      `The database (${location}) has schema ${versionBefore}, and this version of @serve.zone/baseos-cloudly-handlers works ` +
        `with schema ${migrations.length}: start the server of this version once, which carries it on`,
    );
  }
  await database.unboundedTransaction(async (inTransaction) => {
    const run = (text: string, values: readonly unknown[] = []) => inTransaction.query({ text }, values);
    await run('SELECT pg_advisory_xact_lock(hashtextextended($1, $2))', [schema, LOCK_SEED]);
    const version = await schemaVersion(inTransaction, schema);
    if (version === undefined) await run(`CREATE SCHEMA ${schema}`);
    await run(`SET LOCAL search_path TO ${schema}`);
    for (const migration of migrations.slice(version ?? 0)) await run(migration);
    if (!version)
      await run('INSERT INTO cloudly (only_row, schema_version, cloudly_id) VALUES (1, 0, $1)', [newCloudlyId()]);
    await run('UPDATE cloudly SET schema_version = $1', [migrations.length]);
  });
}

/** Some number, so that the lock meets no lock of another program. */
const LOCK_SEED = 0x424f5343;

/** 0 for an empty schema, `undefined` where there is none. */
async function schemaVersion({ query }: Queries, schema: string): Promise<number | undefined> {
  const [facts] = await query<SchemaFacts>(schemaFacts, [schema]);
  if (facts?.encoding !== 'UTF8') {
    const message = `The database has the encoding ${facts?.encoding}: a fleet needs UTF8`;
    throw new FleetStoreError('database-unusable', message);
  }
  if (!facts.is_there) return undefined;
  if (!facts.is_fleet) {
    if (facts.is_empty) return 0;
    throw new FleetStoreError('database-unusable', `The schema ${schema} holds the data of another program`);
  }
  const text = `SELECT schema_version FROM ${schema}.cloudly`;
  const [row] = await query<{ schema_version: number }>({ text });
  return knownVersion(row?.schema_version ?? 0);
}

function knownVersion(version: number): number {
  if (version <= migrations.length) return version;
  throw new FleetStoreError(
    'database-newer',
    `The database has schema ${version}, and this version of @serve.zone/baseos-cloudly-handlers knows schemas up to ` +
      `${migrations.length}: use the newer version that wrote it`,
  );
}

interface SchemaFacts {
  encoding: string;
  is_there: boolean;
  is_empty: boolean;
  is_fleet: boolean;
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
      ) AS is_fleet`,
};
