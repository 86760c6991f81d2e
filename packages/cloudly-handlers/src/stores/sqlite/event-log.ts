import { createListeners } from '../../fleet/listeners.js';
import type { WrittenEvent } from '../../events/fleet-event.js';
import type { FleetStore } from '../../fleet-store/fleet-store.js';
import { eventColumns } from '../records/event-rows.js';
import type { Database } from './database.js';

/** What a database writes, and tells of it. */
export interface EventLog {
  write: Database['write'];
  /** Keeps events, within a `write`. Those who listen hear of them once they are stored. */
  tell(this: void, events: readonly WrittenEvent[]): void;
  onWritten: FleetStore['onWritten'];
}

export function createEventLog(database: Database): EventLog {
  // A node keeps its events until it is forgotten: those of the next one with its ID have another registration.
  const insert = database.prepare(`
  INSERT INTO event (at_ms, actor, node_id, registered_at_ms, kind, is_audit, details) VALUES (
    :at_ms, :actor, :node_id,
    coalesce(:registered_at_ms, (SELECT registered_at_ms FROM node_fact WHERE node_id = :node_id)),
    :kind, :is_audit, :details
  )`);
  const listeners = createListeners<[events: readonly WrittenEvent[]]>();
  let told: WrittenEvent[] = [];

  return {
    tell(events) {
      for (const event of events) insert.run(eventColumns(event));
      told.push(...events);
    },
    async write(work) {
      const [result, events] = await database.write(() => {
        told = [];
        return [work(), told] as const;
      });
      if (events.length > 0) listeners.tell(events);
      return result;
    },
    onWritten: listeners.add,
  };
}
