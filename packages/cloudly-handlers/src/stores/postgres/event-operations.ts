import type { FleetStore } from '../../fleet-store/fleet-store.js';
import { ofCaller, writtenEvent } from '../records/behalf.js';
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

function epochStatements(schema: string) {
  const column = 'events_epoch';
  return statements('epoch', {
    epoch: `SELECT ${column} FROM ${schema}.cloudly`,
    renew: `UPDATE ${schema}.cloudly SET ${column} = DEFAULT`,
  });
}
