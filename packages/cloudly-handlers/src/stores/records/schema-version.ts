import { FleetStoreError } from '../../fleet/fleet-store-error.js';

export interface SchemaVersions {
  /** Of the database; 0 for an empty one. */
  found: number;
  /** The newest one that this package knows, which is the one it works with. */
  current: number;
}

/** @throws FleetStoreError for a database that a newer version of this package wrote. */
export function requireKnownSchema({ found, current }: SchemaVersions): void {
  if (found <= current) return;
  throw new FleetStoreError(
    'database-newer',
    `The database has schema ${found}, but this version of @serve.zone/baseos-cloudly-handlers knows schemas up to ` +
      `${current}`,
    { remedy: 'Use the newer version that wrote it.' },
  );
}

export interface SchemaPlaces {
  /** Names the database in messages, as in "The database (here)". */
  database: string;
  /** Where there is no fleet, as in "There is no fleet in". */
  place: string;
}

/** @throws FleetStoreError for a database without a fleet, and for a fleet of an older version. */
export function requireCurrentSchema({ found, current }: SchemaVersions, { database, place }: SchemaPlaces): void {
  if (found === current) return;
  if (found === 0) throw new FleetStoreError('database-missing', `There is no fleet in ${place}`);
  throw new FleetStoreError(
    'database-older',
    `The database ${database} has schema ${found}, but this version of @serve.zone/baseos-cloudly-handlers works with ` +
      `schema ${current}`,
    { remedy: 'Start the server of this version once: it upgrades the database.' },
  );
}
