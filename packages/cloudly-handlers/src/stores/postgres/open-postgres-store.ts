import type { StoreWithAccounts } from '../../accounts/account-store.js';
import { type Behalf, ofCaller, ofNodes } from '../records/behalf.js';
import { operatorPart } from '../records/operator-part.js';
import { createAccountOperations } from './account-operations.js';
import { createEventMover } from './event-mover.js';
import { createEventNews } from './event-news.js';
import { createEventOperations } from './event-operations.js';
import { createLine } from './line.js';
import { createTelling } from './telling.js';
import { createOperatorOperations } from './operator-operations.js';
import { nodeStatements } from './node-statements.js';
import { createTokenLookUps } from './token-look-ups.js';
import { createSweepOperations } from './sweep-operations.js';
import { createFactsKeeping } from './facts-keeping.js';
import { type HistoryKept, type HistoryOptions, resolveHistory } from '../../fleet/history.js';
import { createAlertKeeping } from './alert-keeping.js';
import { createCommandOperations } from './command-operations.js';
import { readConnectionString } from './driver/connection-string.js';
import { type Database, openDatabase } from './database.js';
import { createPostgresDoorbell } from './doorbell.js';
import { createFleetOperations } from './fleet-operations.js';
import { createJoinTokenOperations } from './join-token-operations.js';
import { migrations } from './migrations.js';
import { createNodeOperations } from './node-operations.js';
import { openingErrorOf } from './driver/postgres-error.js';
import { createReportReading, createReportSaving } from './report-operations.js';
import { migrate } from './schema.js';
import { createSeenPresences } from './seen-presences.js';
import { createWebhookOperations } from './webhook-operations.js';
import { tlsOptionsOf } from './driver/tls-settings.js';

/** A fleet in a PostgreSQL database. */
export interface PostgresStore extends StoreWithAccounts {
  /**
   * Resolves when the operations in progress have ended and the connections are closed. Later operations reject. Closing
   * twice does nothing.
   */
  close(): Promise<void>;
}

export interface PostgresStoreOptions {
  /**
   * The database's schema for the fleet's tables, and nothing else. It is created if there is none. Lower-case letters, digits
   * and `_`.
   *
   * @default 'baseos_cloudly'
   */
  schema?: string | undefined;
  /**
   * The maximum number of connections. All processes together must stay below `max_connections` of the server.
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
   * Whether to create a fleet if there is none, and to upgrade one of an older version. With `false` these are the errors
   * `database-missing` and `database-older`: for a program that works beside the server, where a new and empty fleet would
   * hide a typo in a name.
   *
   * @default true
   */
  create?: boolean | undefined;
  /** How much history of each node is kept. @default a day in slots of five minutes, 90 days in hours */
  history?: HistoryOptions | undefined;
}

const defaults = { schema: 'baseos_cloudly', maxConnections: 10, timeoutMs: 10_000, create: true } as const;

/**
 * Opens a fleet in a PostgreSQL database (12 or newer, encoding UTF8) with the driver `pg`, which the application installs.
 * `connectionString` is a URI as in libpq, `postgres://user:password@host:5432/database?sslmode=verify-full`. The parts that it
 * leaves out come from `PGPASSWORD`, `PGSSLROOTCERT` and the like. With TLS the server's certificate is verified, unless you set
 * `sslmode=no-verify`. Any number of processes may have the fleet open. The first process creates the tables, or upgrades those
 * of an older version.
 *
 * What an operation has resolved with survives a crash of the server; only reports of the last second may be lost.
 * Operations reject with `database-unreachable` while the server is down, and work again once it is back.
 *
 * @throws FleetStoreError if the database cannot be reached or used, with the reason in its message.
 * @throws TypeError for an invalid option.
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
    throw new TypeError(`schema must be a name of lower-case letters, digits and _, but is ${JSON.stringify(schema)}`);
  }
  const { location, tls, ...settings } = readConnectionString(connectionString);
  const database = openDatabase({ ...settings, tls: tlsOptionsOf(tls), location, maxConnections, timeoutMs });
  try {
    await migrate(database, migrationsToSchema, { schema, location, create });
    return storeOn(database, { schema, timeoutMs, historyKept });
  } catch (error) {
    await database.close();
    throw openingErrorOf(error, location);
  }
}

interface StoreSettings {
  schema: string;
  timeoutMs: number;
  historyKept: HistoryKept;
}

function storeOn(database: Database, { schema, timeoutMs, historyKept }: StoreSettings): PostgresStore {
  const line = createLine(database, schema, timeoutMs);
  const doorbell = createPostgresDoorbell(line);
  const news = createEventNews(line);
  const mover = createEventMover(database, schema, schema);
  const telling = createTelling(database, schema, mover);
  const facts = createFactsKeeping(schema);
  const seen = createSeenPresences();
  const reports = createReportSaving(telling, schema, { historyKept, seen, facts });
  const joinTokenOperations = createJoinTokenOperations(telling, schema);
  const nodeOperations = createNodeOperations(telling, schema, facts);
  const commandOperations = createCommandOperations(telling, schema);
  const reportReading = createReportReading(telling, schema, historyKept);
  const asOperator = createOperatorOperations(telling, schema, { facts, mover });

  /** What the nodes' endpoints and operators ask for, each on their behalf. */
  const shared = (behalf: Behalf) => ({
    ...joinTokenOperations(behalf),
    ...nodeOperations(behalf),
    ...commandOperations(behalf),
    ...reportReading(behalf),
    doorbell,
  });

  return {
    ...shared(ofNodes),
    ...createFleetOperations(database, schema, historyKept),
    ...createEventOperations(telling, schema),
    findNodeByTokenHash: createTokenLookUps(database.query, nodeStatements(schema).findByTokenHashes, seen.note),
    saveReport: reports.save,
    sweep: createSweepOperations(telling, schema, { facts, mover }),
    keepAlerts: createAlertKeeping(telling, schema),
    onWritten: telling.onWritten,
    onNews: news.onNews,
    webhooks: createWebhookOperations(telling, schema),
    accounts: createAccountOperations(telling, schema),
    as(caller) {
      const behalf = ofCaller(caller);
      return { ...operatorPart(shared(behalf)), ...asOperator(behalf) };
    },
    async close() {
      news.close();
      await line.close();
      await reports.flush();
      await mover.close();
      await database.close();
    },
  };
}

function requirePositiveInteger(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new TypeError(`${name} must be a whole number from 1 up, but is ${value}`);
}
