import type { FleetStore } from '../../fleet-store/fleet-store.js';
import { ofCaller, writtenEvent } from '../records/behalf.js';
import type { FleetDatabase } from './fleet-database.js';
import { createEventNews } from './event-news.js';
import { newEpoch } from './schema.js';

type EventOperations = Pick<FleetStore, 'eventsEpoch' | 'renewEvents' | 'onWritten' | 'onNews'>;

export function createEventOperations(database: FleetDatabase): EventOperations & { close(this: void): void } {
  const { prepare, read, write, tell, onWritten } = database;
  const epoch = prepare<{ events_epoch: string }>('SELECT events_epoch FROM cloudly');
  const renew = prepare(newEpoch);
  const { onNews, close } = createEventNews(database);

  return {
    eventsEpoch: () => read(() => String(epoch.get()?.events_epoch)),

    renewEvents: (takenAtMs, caller) =>
      write(() => {
        renew.run();
        tell([writtenEvent(ofCaller(caller), { kind: 'fleet-recovered', details: { takenAtMs } })]);
      }),

    onWritten,
    onNews,
    close,
  };
}
