import type { DatabaseSync } from 'node:sqlite';
import { FleetStoreError } from '../../fleet/fleet-store-error.js';
import { requireKnownSchema } from '../records/schema-version.js';
import { transaction } from './driver/transaction.js';
import { markText, newMarkId, NO_BASE } from './files/log-mark.js';

/** "BOSC" in SQLite's header: this file is a Cloudly's fleet. */
const APPLICATION_ID = 0x424f5343;

/**
 * Brings a new or older database to the newest schema, in one transaction. Two processes may do so at once.
 *
 * @returns whether there was anything to do.
 * @throws FleetStoreError for the database of another program or of a newer version.
 */
export function migrate(database: DatabaseSync, migrations: readonly string[]): boolean {
  const current = migrations.length;
  if (schemaVersion(database, current) === current) return false;
  return transaction(database, () => {
    const found = schemaVersion(database, current);
    if (found === current) return false;
    for (const [version, migration] of [...migrations.entries()].slice(found)) {
      database.exec(migration);
      // The later ones fill what they add to it.
      if (version === 0) begin(database);
    }
    database.exec(`PRAGMA user_version = ${current}`);
    return true;
  });
}

/** Makes an empty database, with the tables of the first version, a new fleet. */
function begin(database: DatabaseSync): void {
  const mark = markText({ base: NO_BASE, id: newMarkId() });
  const insert = database.prepare('INSERT INTO cloudly (only_row, cloudly_id, log_mark) VALUES (1, ?, ?)');
  insert.run(globalThis.crypto.randomUUID(), mark);
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
}

/** From now on the positions of events may mean others than before. */
export const newEpoch = 'UPDATE cloudly SET events_epoch = lower(hex(randomblob(8)))';

/** From now on no existing log belongs to this file, nor does any log of the file that it was copied from. */
export function renewMark(database: DatabaseSync): void {
  database.prepare('UPDATE cloudly SET log_mark = ?').run(markText({ base: newMarkId(), id: newMarkId() }));
}

/**
 * 0 for an empty database.
 *
 * @throws FleetStoreError for the database of another program or of a newer version than `current`, and for one that lacks
 * tables.
 */
export function schemaVersion(database: DatabaseSync, current: number): number {
  const facts = {
    applicationId: pragma(database, 'application_id'),
    userVersion: pragma(database, 'user_version'),
    hasTables: database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() !== undefined,
  };
  const found = knownVersion(facts, current);
  if (found > 0 && !hasFleetTables(database)) {
    throw new FleetStoreError('database-unusable', 'The database has only some of the tables of a fleet', {
      remedy: 'Restore a whole backup.',
    });
  }
  return found;
}

/** The tables of the first version, which every later one has too. */
const fleetTables = ['cloudly', 'join_token', 'node', 'presence', 'status', 'history', 'command'];

function hasFleetTables(database: DatabaseSync): boolean {
  const rows = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  const names = new Set(rows.map(({ name }) => name));
  return fleetTables.every((table) => names.has(table));
}

export interface SchemaFacts {
  applicationId: number;
  userVersion: number;
  hasTables: boolean;
}

/** The same, from what the database says about itself. */
export function knownVersion({ applicationId, userVersion, hasTables }: SchemaFacts, current: number): number {
  if (applicationId !== APPLICATION_ID && (hasTables || userVersion !== 0)) {
    throw new FleetStoreError('database-foreign', 'The database holds the data of another program');
  }
  requireKnownSchema({ found: userVersion, current });
  return userVersion;
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0);
}
