import type { FleetStore, WrittenEvent } from '@serve.zone/baseos-cloudly-handlers';
import type { Log } from './create-log.js';
import { fleetEntries, isLogged } from './fleet-entries.js';

export interface LogFleetOptions {
  log: Log;
  store: Pick<FleetStore, 'onWritten'>;
  /** What people call these nodes; it may reject. */
  nameNodes: (nodeIds: readonly string[]) => Promise<ReadonlyMap<string, string>>;
}

/** Events of this long are told together. */
export const GATHER_MS = 2000;

/** Logs what happens to the nodes of a fleet by this process. Resolves, when it is ended, once everything is logged. */
export function logFleet({ log, store, nameNodes }: LogFleetOptions): { end: () => Promise<void> } {
  let untold: WrittenEvent[] = [];
  let timer: NodeJS.Timeout | undefined;
  let telling = Promise.resolve();

  const tell = async (events: readonly WrittenEvent[]): Promise<void> => {
    const nodeIds = [...new Set(events.map(({ nodeId = '' }) => nodeId))];
    // Without their names, they are told by their IDs.
    const names = await nameNodes(nodeIds).catch(() => new Map<string, string>());
    for (const entry of fleetEntries(events, names)) log(entry);
  };
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const events = untold;
    untold = [];
    if (events.length > 0) telling = telling.then(() => tell(events));
  };
  const endEvents = store.onWritten((events) => {
    untold.push(...events.filter(isLogged));
    if (untold.length > 0) timer ??= setTimeout(flush, GATHER_MS).unref();
  });
  return {
    end: async () => {
      endEvents();
      flush();
      await telling;
    },
  };
}
