import type { FleetStore } from '../../fleet/fleet-store.js';
import { type HistoryKept, type HistoryOptions, resolveHistory } from '../../fleet/history.js';
import { createCommandOperations } from './command-operations.js';
import { readConnectionString } from './driver/connection-string.js';
import { type Database, openDatabase } from './database.js';
import { createFleetOperations } from './fleet-operations.js';
import { createJoinTokenOperations } from './join-token-operations.js';
import { migrations } from './migrations.js';
import { createNodeOperations } from './node-operations.js';
import { openingErrorOf } from './driver/postgres-error.js';
import { createReportOperations } from './report-operations.js';
import { migrate } from './schema.js';
import { tlsOptionsOf } from './driver/tls-settings.js';

/** A fleet in a PostgreSQL database. */
export interface PostgresStore extends FleetStore {
  /**
   * Resolves once what was begun has ended and the connections are closed; what begins later rejects. Closing twice does
   * nothing.
   */
  close(): Promise<void>;
}

export interface PostgresStoreOptions {
  /**
   * The database's schema that holds the fleet's tables, and nothing else. It is made when there is none. Small letters,
   * digits and `_`.
   *
   * @default 'baseos_cloudly'
   */
  schema?: string | undefined;
  /**
   * How many connections at most. All processes together must stay below `max_connections` of the server.
   *
   * @default 10
   */
  maxConnections?: number | undefined;
  /**
   * How long to wait for a connection, and for the answer to a statement, in milliseconds.
   *
   * @default 10 seconds
   */
  timeoutMs?: number | undefined;
  /**
   * Whether to make a fleet where there is none, and to carry one of an older version on. Otherwise these are the errors
   * `database-missing` and `database-older`: for a program that works beside others, to which a new and empty fleet would
   * hide a mistyped name.
   *
   * @default true
   */
  create?: boolean | undefined;
  /** How much history of each node is kept. @default a day in slots of five minutes, 90 days in hours */
  history?: HistoryOptions | undefined;
}

const defaults = { schema: 'baseos_cloudly', maxConnections: 10, timeoutMs: 10_000, create: true } as const;

/**
 * Opens a fleet in a PostgreSQL database (12 or newer, encoding UTF8) by the driver `pg`, which the application installs.
 * `connectionString` is a URI as libpq has it, `postgres://user:password@host:5432/database?sslmode=verify-full`; what it
 * leaves out comes from `PGPASSWORD`, `PGSSLROOTCERT` and the like. With TLS the server's certificate is verified, unless
 * `sslmode=no-verify` is said. Any number of processes may have the fleet open. The tables are made,
 * and those of an older version carried on, by the process that comes first.
 *
 * What an operation has resolved with survives a crash of the server; reports alone may be lost with the last second before
 * it. Operations reject with `database-unreachable` while the server is away, and go on once it is back.
 *
 * @throws FleetStoreError when the database cannot be reached or used, with the reason in its message.
 * @throws TypeError for an option that cannot be meant.
 */
export function openPostgresStore(
  connectionString: string,
  options: PostgresStoreOptions = {},
): Promise<PostgresStore> {
  return openWithMigrations(connectionString, options, migrations);
}

/** The same, with the schema that these migrations lead to. */
export async function openWithMigrations(
  connectionString: string,
  options: PostgresStoreOptions,
  migrationsToSchema: readonly string[],
): Promise<PostgresStore> {
  const {
    schema = defaults.schema,
    maxConnections = defaults.maxConnections,
    timeoutMs = defaults.timeoutMs,
    create = defaults.create,
  } = options;
  const historyKept = resolveHistory(options.history);
  requirePositiveInteger('maxConnections', maxConnections);
  requirePositiveInteger('timeoutMs', timeoutMs);
  if (!/^(?!pg_)[a-z_][a-z0-9_]{0,62}$/.test(schema)) {
    throw new TypeError(`schema must be a name of small letters, digits and _, but is ${JSON.stringify(schema)}`);
  }
  const { location, tls, ...settings } = readConnectionString(connectionString);
  const database = openDatabase({ ...settings, tls: tlsOptionsOf(tls), location, maxConnections, timeoutMs });
  try {
    await migrate(database, migrationsToSchema, { schema, location, create });
    return storeOn(database, schema, historyKept);
  } catch (error) {
    await database.close();
    throw openingErrorOf(error, location);
  }
}

function storeOn(database: Database, schema: string, historyKept: HistoryKept): PostgresStore {
  const { flush, ...reports } = createReportOperations(database, schema, historyKept);
  return {
    ...createFleetOperations(database, schema, historyKept),
    ...createJoinTokenOperations(database, schema),
    ...createNodeOperations(database, schema),
    ...createCommandOperations(database, schema),
    ...reports,
    async close() {
      await flush();
      await database.close();
    },
  };
}

function requirePositiveInteger(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new TypeError(`${name} must be a whole number from 1 up, but is ${value}`);
}
