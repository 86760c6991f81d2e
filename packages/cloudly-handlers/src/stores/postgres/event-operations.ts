import type { FleetStore, OperatorStore } from '../../fleet-store/fleet-store.js';
import { type Behalf, ofCaller, writtenEvent } from '../records/behalf.js';
import { eventOf, type EventRow } from '../records/event-rows.js';
import { eventList } from './event-list.js';
import type { EventMover } from './event-mover.js';
import { statements } from './statement.js';
import type { Telling } from './telling.js';

type EventOperations = Pick<FleetStore, 'eventsEpoch' | 'renewEvents'>;

export function createEventOperations({ query, transaction }: Telling, schema: string): EventOperations {
  const { epoch, renew } = epochStatements(schema);
  return {
    async eventsEpoch() {
      const [row] = await query<{ events_epoch: string }>(epoch);
      return String(row?.events_epoch);
    },

    renewEvents: (takenAtMs, caller) =>
      transaction(async (queries) => {
        await queries.query(renew);
        queries.tell([writtenEvent(ofCaller(caller), { kind: 'fleet-recovered', details: { takenAtMs } })]);
      }),
  };
}

export type EventReading = Pick<OperatorStore, 'listEvents'>;

/** What an operator reads; what was written before is moved first, so that everybody reads what they wrote. */
export function createEventReading({ query }: Telling, schema: string, { moveAll }: EventMover) {
  return ({ scope }: Behalf): EventReading => ({
    async listEvents(asked) {
      await moveAll();
      const { statement, values } = eventList(schema, asked, scope);
      return (await query<EventRow>(statement, values)).map(eventOf);
    },
  });
}

function epochStatements(schema: string) {
  const column = 'events_epoch';
  return statements('epoch', {
    epoch: `SELECT ${column} FROM ${schema}.cloudly`,
    renew: `UPDATE ${schema}.cloudly SET ${column} = DEFAULT`,
  });
}
