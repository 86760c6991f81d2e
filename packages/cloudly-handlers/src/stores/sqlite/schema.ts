import type { DatabaseSync } from 'node:sqlite';
import { FleetStoreError } from '../../fleet/fleet-store-error.js';
import { markText, newMarkId, NO_BASE } from './log-mark.js';
import { transaction } from './transaction.js';

/** "BOSC" in SQLite's header: this file is a Cloudly's fleet. */
const APPLICATION_ID = 0x424f5343;

/** Each brings a database from the version of its index to the next; a published one never changes. */
const migrations: readonly string[] = [
  `
  CREATE TABLE cloudly (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    cloudly_id TEXT NOT NULL
  ) STRICT;

  CREATE TABLE join_token (
    id TEXT PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    created_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    max_uses INTEGER NOT NULL,
    used_count INTEGER NOT NULL,
    requires_approval INTEGER NOT NULL,
    revoked_at_ms INTEGER
  ) STRICT;

  CREATE TABLE node (
    node_id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    registration_key_hash TEXT NOT NULL,
    approval_code TEXT NOT NULL,
    join_token_id TEXT NOT NULL,
    registered_at_ms INTEGER NOT NULL,
    approved_at_ms INTEGER,
    revoked_at_ms INTEGER,
    current_token_id TEXT,
    current_token_hash TEXT UNIQUE,
    current_token_issued_at_ms INTEGER,
    next_token_id TEXT,
    next_token_hash TEXT UNIQUE,
    next_token_issued_at_ms INTEGER,
    boot_id TEXT NOT NULL,
    superseded_boots TEXT NOT NULL
  ) STRICT;

  -- Apart from node, because it is written with every heartbeat.
  CREATE TABLE heartbeat (
    node_id TEXT PRIMARY KEY REFERENCES node,
    boot_id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    received_at_ms INTEGER NOT NULL,
    vitals TEXT NOT NULL,
    running_command TEXT
  ) STRICT;

  -- Apart from heartbeat, because it may be large and changes seldom.
  CREATE TABLE status (
    node_id TEXT PRIMARY KEY REFERENCES node,
    boot_id TEXT NOT NULL,
    received_at_ms INTEGER NOT NULL,
    hash TEXT,
    status TEXT NOT NULL
  ) STRICT;
  `,
  `
  ALTER TABLE join_token ADD COLUMN max_pending INTEGER;

  -- From now on, an empty registration_key_hash stands for none.
  ALTER TABLE node ADD COLUMN rebind_until_ms INTEGER;
  ALTER TABLE node ADD COLUMN rotation_demanded_at_ms INTEGER;
  ALTER TABLE node ADD COLUMN clone_suspected_at_ms INTEGER;
  ALTER TABLE node ADD COLUMN excluded_boot_ids TEXT NOT NULL DEFAULT '[]';

  -- So that a fleet is counted without a look at its nodes.
  CREATE INDEX node_active ON node (node_id) WHERE approved_at_ms IS NOT NULL AND revoked_at_ms IS NULL;
  CREATE INDEX node_pending ON node (join_token_id) WHERE approved_at_ms IS NULL AND revoked_at_ms IS NULL;
  CREATE INDEX node_revoked ON node (node_id) WHERE revoked_at_ms IS NOT NULL;

  -- From now on, vitals may be null as JSON writes it. No interval was kept before: two of the nodes' own default.
  ALTER TABLE heartbeat ADD COLUMN expected_by_ms INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE heartbeat ADD COLUMN detail_count INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE heartbeat ADD COLUMN hours_count INTEGER NOT NULL DEFAULT 1;
  UPDATE heartbeat SET expected_by_ms = received_at_ms + 120000;
  CREATE INDEX heartbeat_expected ON heartbeat (expected_by_ms);

  -- The slots that are closed; the open ones follow from heartbeat.
  CREATE TABLE history (
    node_id TEXT NOT NULL REFERENCES node,
    resolution TEXT NOT NULL,
    start_ms INTEGER NOT NULL,
    heartbeat_count INTEGER NOT NULL,
    vitals TEXT NOT NULL,
    PRIMARY KEY (node_id, resolution, start_ms)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX history_age ON history (resolution, start_ms);

  CREATE TABLE command (
    position INTEGER PRIMARY KEY,
    node_id TEXT NOT NULL REFERENCES node,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    force INTEGER,
    app_id INTEGER,
    service TEXT,
    queued_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    listed_at_ms INTEGER,
    cancelled_at_ms INTEGER,
    result TEXT,
    UNIQUE (node_id, id)
  ) STRICT;
  CREATE INDEX command_expiry ON command (node_id, expires_at_ms);
  CREATE INDEX command_age ON command (expires_at_ms);
  `,
  `
  ALTER TABLE join_token ADD COLUMN revoked_reason TEXT;

  -- When the backup was taken that this file is; NULL in a fleet that was never restored, or has been recovered since.
  ALTER TABLE cloudly ADD COLUMN backup_taken_at_ms INTEGER;
  `,
  `
  -- Who may take a node over is named from now on: a permission without a name counts no more.
  ALTER TABLE node ADD COLUMN rebind_approval_code TEXT;

  -- Who was shut out by its boot ID has a registration key that proves nothing from now on.
  ALTER TABLE node ADD COLUMN clone_resolution TEXT;
  UPDATE node SET clone_resolution = '{"atMs":0}' WHERE excluded_boot_ids <> '[]';
  ALTER TABLE node DROP COLUMN excluded_boot_ids;
  `,
  `
  -- What ties a write-ahead log to this file, see log-mark.ts. It is read as it lies on the disk, in the second page.
  ALTER TABLE cloudly ADD COLUMN log_mark TEXT NOT NULL DEFAULT '';

  -- When it was last tried whether the fleet can be written.
  ALTER TABLE cloudly ADD COLUMN probed_at_ms INTEGER NOT NULL DEFAULT 0;
  `,
];

/**
 * Brings a new or older database to this version's schema, in one transaction. Two processes may do so at once.
 *
 * @returns whether there was anything to bring.
 * @throws FleetStoreError for another program's database and for one of a newer version.
 */
export function migrate(database: DatabaseSync, newCloudlyId: () => string): boolean {
  if (schemaVersion(database) === migrations.length) return false;
  return transaction(database, () => {
    const version = schemaVersion(database);
    if (version === migrations.length) return false;
    for (const migration of migrations.slice(version)) database.exec(migration);
    if (version === 0) {
      database.prepare('INSERT INTO cloudly (only_row, cloudly_id) VALUES (1, ?)').run(newCloudlyId());
      database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    }
    if (version < MARKED_SINCE) giveMark(database, NO_BASE);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
    return true;
  });
}

const MARKED_SINCE = 5;

/** From now on no log that there is belongs to this file, nor any log that the file it was copied from has. */
export function giveMark(database: DatabaseSync, base: string = newMarkId()): void {
  database.prepare('UPDATE cloudly SET log_mark = ?').run(markText({ base, id: newMarkId() }));
}

/**
 * 0 for an empty database.
 *
 * @throws FleetStoreError for another program's database and for one of a newer version.
 */
export function schemaVersion(database: DatabaseSync): number {
  return knownVersion({
    applicationId: pragma(database, 'application_id'),
    userVersion: pragma(database, 'user_version'),
    hasTables: database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() !== undefined,
  });
}

export interface SchemaFacts {
  applicationId: number;
  userVersion: number;
  hasTables: boolean;
}

/** The same, by what the database says of itself. */
export function knownVersion({ applicationId, userVersion, hasTables }: SchemaFacts): number {
  if (applicationId !== APPLICATION_ID && (hasTables || userVersion !== 0)) {
    throw new FleetStoreError('database-unusable', 'The database holds the data of another program');
  }
  if (userVersion > migrations.length) {
    throw new FleetStoreError(
      'database-newer',
      `The database has schema ${userVersion}, and this version of @serve.zone/baseos-cloudly-handlers knows schemas up to ` +
        `${migrations.length}: use the newer version that wrote it`,
    );
  }
  return userVersion;
}

/** @throws FleetStoreError for what only a program that may make a fleet brings to this version's schema. */
export function requireCurrentSchema(version: number, path: string): void {
  if (version === migrations.length) return;
  if (version === 0) throw new FleetStoreError('database-missing', `There is no fleet in ${path}, which is empty`);
  throw new FleetStoreError(
    'database-older',
    `The database ${path} has schema ${version}, and this version of @serve.zone/baseos-cloudly-handlers works with ` +
      `schema ${migrations.length}: start the server of this version once, which carries it on`,
  );
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0);
}
