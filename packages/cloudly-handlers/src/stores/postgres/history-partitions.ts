import { type HistoryKept, type HistoryResolution, historyResolutions, oldestSlotMs } from '../../fleet/history.js';
import { isFleetStoreError } from '../../fleet/fleet-store-error.js';
import type { Database, Queries } from './database.js';
import { type Partition, planPartitions } from './plan-partitions.js';
import { statements } from './statement.js';

/** A statement that waits for its lock makes all that come after it wait, too. */
const LOCK_TIMEOUT_MS = 100;

/** Some number, so that the lock does not meet a lock of another program. */
const LOCK_SEED = 0x424f4850;

/**
 * Makes the partitions that history needs next, and drops those in which everything is too old. Resolves with whether some is
 * left to do because the tables were in use: they are taken for a moment only.
 */
export function createHistoryPartitions({ query, transaction }: Database, schema: string, historyKept: HistoryKept) {
  const { names } = statements('partition', {
    names: `
      SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = to_regclass($1)`,
  });

  /** By one process at a time; another one leaves it to that. */
  const alone = (work: (queries: Queries) => Promise<void>): Promise<void> =>
    transaction(async (queries) => {
      await queries.query({ text: `SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}` });
      const text = 'SELECT pg_try_advisory_xact_lock(hashtextextended($1, $2)) AS is_alone';
      const [row] = await queries.query<{ is_alone: boolean }>({ text }, [schema, LOCK_SEED]);
      if (row?.is_alone) await work(queries);
    });

  const make = (resolution: HistoryResolution, { name, fromMs, toMs }: Partition): Promise<void> =>
    alone(async (queries) => {
      // What came before its partition was there stays where it is.
      const text = `
        SELECT EXISTS (
          SELECT FROM ${schema}.history_${resolution}_rest WHERE start_ms >= $1 AND start_ms < $2
        ) AS is_begun`;
      const [row] = await queries.query<{ is_begun: boolean }>({ text }, [fromMs, toMs]);
      if (row?.is_begun) return;
      await queries.query({
        text: `
          CREATE TABLE IF NOT EXISTS ${schema}.${name} PARTITION OF ${schema}.history_${resolution}
          FOR VALUES FROM (${fromMs}) TO (${toMs})`,
      });
    });

  const drop = ({ name }: Partition): Promise<void> =>
    alone(async (queries) => void (await queries.query({ text: `DROP TABLE IF EXISTS ${schema}.${name}` })));

  const tidyResolution = async (resolution: HistoryResolution, nowMs: number): Promise<void> => {
    const rows = await query<{ relname: string }>(names, [`${schema}.history_${resolution}`]);
    const oldestMs = oldestSlotMs(nowMs, resolution, historyKept);
    const plan = { nowMs, oldestMs, names: rows.map(({ relname }) => relname) };
    const { missing, expired } = planPartitions(resolution, plan);
    for (const partition of missing) await make(resolution, partition);
    for (const partition of expired) await drop(partition);
  };

  return async (nowMs: number): Promise<boolean> => {
    let isMore = false;
    for (const resolution of Object.keys(historyResolutions) as HistoryResolution[]) {
      try {
        await tidyResolution(resolution, nowMs);
      } catch (error) {
        if (!isFleetStoreError(error) || error.code !== 'contention') throw error;
        isMore = true;
      }
    }
    return isMore;
  };
}
