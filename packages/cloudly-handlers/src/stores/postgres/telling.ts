import { createListeners } from '../../fleet/listeners.js';
import type { WrittenEvent } from '../../events/fleet-event.js';
import { eventColumns } from '../records/event-rows.js';
import type { Database, Queries } from './database.js';
import type { EventMover } from './event-mover.js';
import { saveRows } from './save-rows.js';
import { statements } from './statement.js';

export interface TellingQueries extends Queries {
  /**
   * Tells events as soon as the transaction commits; if it does not, there are none.
   *
   * @param registeredAtMs of the node that they are about, if this transaction removes it
   */
  tell(this: void, events: readonly WrittenEvent[], registeredAtMs?: number): void;
}

type Transaction = <Result>(work: (queries: TellingQueries) => Promise<Result>) => Promise<Result>;

/** Transactions that tell what they do: events are written with it, or neither is. */
export interface Telling extends Queries {
  transaction: Transaction;
  /** A crash of the server may undo it, unless it has told something. */
  laggingTransaction: Transaction;
  /** Calls `onEvents` with what this process has told, once it is stored. Returns how to end it. */
  onWritten(this: void, onEvents: (events: readonly WrittenEvent[]) => void): () => void;
}

export function createTelling(database: Database, schema: string, { moveSoon }: EventMover): Telling {
  const { leave } = eventStatements(schema);
  const listeners = createListeners<[events: readonly WrittenEvent[]]>();

  const announce = (told: readonly WrittenEvent[]): void => {
    if (told.length === 0) return;
    moveSoon();
    listeners.tell(told);
  };

  const telling = async <Result>(
    queries: Queries,
    work: (queries: TellingQueries) => Promise<Result>,
  ): Promise<{ result: Result; told: readonly WrittenEvent[] }> => {
    const told: WrittenEvent[] = [];
    const rows: object[] = [];
    const result = await work({
      ...queries,
      tell(events, registeredAtMs) {
        told.push(...events);
        rows.push(...events.map((event) => eventColumns(event, registeredAtMs)));
      },
    });
    await saveRows(queries, leave, rows);
    return { result, told };
  };

  return {
    query: database.query,
    async transaction(work) {
      const { result, told } = await database.transaction((queries) => telling(queries, work));
      announce(told);
      return result;
    },
    async laggingTransaction(work) {
      const { result, told } = await database.laggingTransaction(async (queries) => {
        const outcome = await telling(queries, work);
        if (outcome.told.length > 0) queries.beDurable();
        return outcome;
      });
      announce(told);
      return result;
    },
    onWritten: listeners.add,
  };
}

function eventStatements(schema: string) {
  return statements('event', {
    // In the order in which they are told. A node keeps its events until it is forgotten: those of the next one with its ID have
    // another registration.
    leave: `
      INSERT INTO ${schema}.event_new (at_ms, actor, node_id, registered_at_ms, kind, is_audit, details)
      SELECT at_ms, actor, told.node_id, coalesce(told.registered_at_ms, fact.registered_at_ms), kind, is_audit, details
      FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::boolean[], $7::text[]) WITH ORDINALITY
        AS told (at_ms, actor, node_id, registered_at_ms, kind, is_audit, details, place)
      LEFT JOIN ${schema}.node_fact AS fact ON fact.node_id = told.node_id
      ORDER BY place`,
  });
}
