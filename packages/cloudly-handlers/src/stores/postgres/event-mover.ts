import type { Queries } from './database.js';
import { NEWS } from './event-news.js';
import { type Statement, statements } from './statement.js';

/** So many are moved at once, and so often at most by each process. */
const MOVED_AT_ONCE = 1000;
const MOVE_EVERY_MS = 100;

export interface EventMover {
  /** Moves what waits, soon: what many transactions write within a moment is moved at once. */
  moveSoon(this: void): void;
  /** Resolves once everything that waited when it was called, by whichever process, has its position. */
  moveAll(this: void): Promise<void>;
  /** Moves what this process was going to. */
  close(this: void): Promise<void>;
}

/**
 * Gives events their positions. Transactions leave theirs in `event_new`; any process moves them to `event`, one at a time,
 * because it holds the lock of `event_head` while it does. So positions have no gaps, and no reader ever sees one before an
 * earlier one. What a process has written and not moved, because it died, any other moves.
 */
export function createEventMover({ query }: Queries, schema: string, channel: string): EventMover {
  const { newest, waits } = statements('event', {
    newest: `SELECT max(position) AS position FROM ${schema}.event_new`,
    waits: `SELECT EXISTS (SELECT FROM ${schema}.event_new WHERE position <= $1) AS is_waiting`,
  });
  const move = moving(schema, channel);
  let underWay: Promise<boolean> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let nextAtMs = -Infinity;

  /** One at a time; resolves with whether there may be more. */
  const moveSome = (): Promise<boolean> =>
    (underWay ??= query<{ moved: number }>(move)
      .then(([row]) => row?.moved === MOVED_AT_ONCE)
      .finally(() => {
        underWay = undefined;
      }));

  const moveDue = async (): Promise<void> => {
    timer = undefined;
    nextAtMs = performance.now() + MOVE_EVERY_MS;
    try {
      if (await moveSome()) moveSoon();
    } catch {
      // Nothing is lost: they are moved with those that are written next, or when somebody reads.
    }
  };

  const moveSoon = (): void => {
    timer ??= setTimeout(() => void moveDue(), Math.max(0, nextAtMs - performance.now()));
  };

  return {
    moveSoon,
    async moveAll() {
      const [{ position } = { position: null }] = await query<{ position: number | null }>(newest);
      if (position === null) return;
      do await moveSome();
      while ((await query<{ is_waiting: boolean }>(waits, [position]))[0]?.is_waiting);
    },
    async close() {
      if (timer === undefined && underWay === undefined) return;
      clearTimeout(timer);
      await underWay?.catch(() => undefined);
      await moveDue();
    },
  };
}

/**
 * One message to the server, so one transaction of two statements: the second one begins when the first one has the lock, and
 * sees all that was moved before.
 */
function moving(schema: string, channel: string): Statement {
  const columns = 'at_ms, actor, node_id, registered_at_ms, kind, is_audit, details';
  return {
    text: `
      SELECT FROM ${schema}.event_head FOR UPDATE;
      WITH taken AS (
        DELETE FROM ${schema}.event_new
        WHERE position = ANY (ARRAY(SELECT position FROM ${schema}.event_new ORDER BY position LIMIT ${MOVED_AT_ONCE}))
        RETURNING position, ${columns}
      ), moved AS (
        INSERT INTO ${schema}.event (position, ${columns})
        SELECT head.position + row_number() OVER (ORDER BY taken.position), ${columns}
        FROM taken CROSS JOIN ${schema}.event_head AS head
        RETURNING position
      ), counted AS (
        UPDATE ${schema}.event_head SET position = (SELECT max(position) FROM moved)
        WHERE EXISTS (SELECT FROM moved)
      ), told AS MATERIALIZED (
        SELECT pg_notify('${channel}', '${NEWS}') WHERE EXISTS (SELECT FROM moved)
      )
      SELECT (SELECT count(*) FROM moved)::integer AS moved, (SELECT count(*) FROM told)`,
  };
}
