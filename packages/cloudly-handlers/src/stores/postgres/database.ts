import type { ConnectionOptions } from 'node:tls';
import pg from 'pg';
import { OldReadingError } from '../records/old-reading-error.js';
import { storeErrorOf } from './driver/postgres-error.js';
import type { Statement } from './statement.js';
import { TidyClient } from './driver/tidy-client.js';

export interface Queries {
  /** Resolves with the rows. Their type follows from the schema and the columns that the statement names. */
  query<Row>(this: void, statement: Statement, values?: readonly unknown[]): Promise<Row[]>;
}

/** A transaction that a crash of the server may undo. */
export interface LaggingQueries extends Queries {
  /** From now on it may not. */
  beDurable(this: void): void;
}

/** A pool of connections. Every query and transaction is durable when it resolves. If one rejects, it may have taken place. */
export interface Database extends Queries {
  /** Commits when `work` resolves, and rolls back when it rejects; an `OldReadingError` does nothing else. */
  transaction<Result>(this: void, work: (queries: Queries) => Promise<Result>): Promise<Result>;
  /** The same, but a crash of the server may undo the commits of about the last second. */
  laggingTransaction<Result>(this: void, work: (queries: LaggingQueries) => Promise<Result>): Promise<Result>;
  /** Like `transaction`, without a time limit. */
  unboundedTransaction<Result>(this: void, work: (queries: Queries) => Promise<Result>): Promise<Result>;
  /** A connection outside the pool, for a caller that connects it and ends it. */
  newClient(this: void): pg.Client;
  /** Ends the connections when the operations in progress have ended. Later operations reject. */
  close(this: void): Promise<void>;
}

export interface DatabaseOptions {
  connectionString: string;
  /** Of Node's `tls.connect`; `false` for a connection without TLS. */
  tls: false | ConnectionOptions;
  /** For messages. */
  location: string;
  maxConnections: number;
  timeoutMs: number;
}

interface TransactionText {
  begin?: string;
  commit?: () => string;
  queriesOn?: (client: pg.PoolClient) => Queries;
}

export function openDatabase(options: DatabaseOptions): Database {
  const { connectionString, tls, location, maxConnections, timeoutMs } = options;
  const connection = {
    connectionString,
    ssl: tls,
    fallback_application_name: APPLICATION_NAME,
    connectionTimeoutMillis: timeoutMs,
    keepAlive: true,
    types,
  };
  const pool = new pg.Pool({ Client: TidyClient, max: maxConnections, ...connection });
  // An idle connection was lost and the pool has dropped it. The next operation opens another one, or reports why it cannot.
  pool.on('error', () => undefined);

  const prepared = new WeakSet<pg.PoolClient>();
  const running = new Set<Promise<unknown>>();
  let closed: Promise<void> | undefined;

  const bounded = (client: pg.PoolClient): Queries => queriesOf(client, timeoutMs + ANSWER_GRACE_MS);

  const withClient = async <Result>(work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> => {
    const client = await pool.connect();
    // Nothing else listens between two queries. The next query rejects.
    const ignore = (): void => undefined;
    client.on('error', ignore);
    try {
      if (!prepared.has(client)) {
        await bounded(client).query(prepareSession, [String(timeoutMs)]);
        prepared.add(client);
      }
      const result = await work(client);
      client.release();
      return result;
    } catch (error) {
      // A connection that has reported an error in a query, or has undone its transaction, can be used again. Any other may be
      // in the middle of something.
      client.release(!isUndone(storeErrorOf(error, location)));
      throw error;
    } finally {
      client.off('error', ignore);
    }
  };

  const run = <Result>(work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> => {
    if (closed) return Promise.reject(new TypeError('The store was closed'));
    const outcome = withClient(work).catch((error: unknown) => {
      throw storeErrorOf(error, location);
    });
    running.add(outcome);
    const forget = (): void => void running.delete(outcome);
    outcome.then(forget, forget);
    return outcome;
  };

  const inTransaction = <Result>(
    { begin = 'BEGIN', commit = () => 'COMMIT', queriesOn = bounded }: TransactionText,
    work: (queries: Queries) => Promise<Result>,
  ): Promise<Result> =>
    run(async (client) => {
      const queries = queriesOn(client);
      await queries.query({ text: begin });
      try {
        const result = await work(queries);
        await queries.query({ text: commit() });
        return result;
      } catch (error) {
        // Without an answer from the server, the connection is dropped, and the transaction with it.
        if (isUndone(error)) await queries.query({ text: 'ROLLBACK' });
        throw error;
      }
    });

  return {
    query: (statement, values) => run((client) => bounded(client).query(statement, values)),
    transaction: (work) => inTransaction({}, work),
    laggingTransaction(work) {
      let isDurable = false;
      const beDurable = (): void => {
        isDurable = true;
      };
      const commit = (): string => (isDurable ? 'COMMIT' : 'SET LOCAL synchronous_commit = off; COMMIT');
      return inTransaction({ commit }, (queries) => work({ ...queries, beDurable }));
    },
    unboundedTransaction: (work) =>
      inTransaction({ begin: 'BEGIN; SET LOCAL statement_timeout = 0', queriesOn: queriesOf }, work),
    newClient: () => new TidyClient(connection),
    close: () =>
      (closed ??= Promise.allSettled(running)
        .then(() => pool.end())
        .then(() => undefined)),
  };
}

/** Whether the server still answers after an error. */
function isUndone(error: unknown): boolean {
  return error instanceof pg.DatabaseError || error instanceof OldReadingError;
}

const APPLICATION_NAME = 'baseos-cloudly';

/** A server that still answers reports on its own that a statement took too long. */
const ANSWER_GRACE_MS = 1000;

/**
 * Overrides the defaults of database, role and server, which may acknowledge a commit before it is on the disk, and may spread
 * an operator's search over the cores that heartbeats need.
 */
const prepareSession: Statement = {
  text: `
    SELECT
      set_config('synchronous_commit', CASE durability WHEN 'off' THEN 'on' ELSE durability END, false),
      set_config('default_transaction_isolation', 'read committed', false),
      set_config('max_parallel_workers_per_gather', '0', false),
      set_config('statement_timeout', $1, false),
      set_config('idle_in_transaction_session_timeout', $1, false)
    FROM current_setting('synchronous_commit') AS durability`,
};

function queriesOf(client: pg.PoolClient, timeoutMs?: number): Queries {
  return {
    async query<Row>(statement: Statement, values: readonly unknown[] = []) {
      const query = { ...statement, values: [...values], query_timeout: timeoutMs };
      const result = (await client.query(query)) as pg.QueryResult | pg.QueryResult[];
      // Of several statements, the rows of the last one.
      return ((Array.isArray(result) ? result.at(-1) : result)?.rows ?? []) as Row[];
    },
  };
}

/** Counts and instants are whole numbers that fit into a number. By default, the driver returns a bigint as text. */
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, Number);
