import type { HandlerEvent } from '@serve.zone/baseos-cloudly-handlers';
import type { Log, LogEntry } from './create-log.js';
import type { Refusal } from '../http/refusals.js';
import type { Eviction } from '../http/track-connections.js';
import { eventEntry } from './event-entry.js';
import { refusalEntry } from './refusal-entry.js';
import { createRepeats, type RepeatsOptions } from './repeats.js';

export interface ServiceLog {
  onHandled: (event: HandlerEvent) => void;
  onEviction: (eviction: Eviction) => void;
  onRefusal: (refusal: Refusal) => void;
  onError: (error: unknown) => void;
}

/** Rejections that many clients get at the same time; their number matters more than each one. */
const inCrowds = new Set(['rate-limited', 'unavailable']);

/** Logs what the server does; frequent events are logged now and then, with the number of the others. */
export function logService(log: Log, options: RepeatsOptions = {}): ServiceLog {
  const repeats = createRepeats(options);
  const logSparingly = (kind: string, entry: LogEntry): void => {
    const untold = repeats(kind);
    if (untold === undefined) return;
    if (untold === 0) log(entry);
    else
      log({
        ...entry,
        message: `${entry.message} (${untold} more since the last message)`,
        fields: { ...entry.fields, untold },
      });
  };
  return {
    onHandled: (event) => {
      const entry = eventEntry(event);
      if (event.kind === 'request-refused' && inCrowds.has(event.code)) logSparingly(event.code, entry);
      else log(entry);
    },
    onEviction: (eviction) => logSparingly(`eviction: ${eviction.full}`, evictionEntry(eviction)),
    onRefusal: (refusal) => logSparingly(`refusal: ${refusal.reason} ${refusal.code ?? ''}`, refusalEntry(refusal)),
    onError: (error) => {
      const message = error instanceof Error ? error.message : String(error);
      logSparingly(`failure: ${message}`, { level: 'error', event: 'failure', message: `Internal error: ${message}` });
    },
  };
}

function evictionEntry({ address, full }: Eviction): LogEntry {
  const message =
    full === 'address'
      ? `${address} has reached the limit of connections for one address. Its slowest connection was closed in favour of a new one. If it is a ` +
        'proxy, name it with --trust-proxy. If it is not one of your clients, block it.'
      : `The server has reached its limit of connections. The slowest connection of ${address}, which has the most, was closed in favour of ` +
        'a new one. If all of them belong to nodes, raise --connections-max.';
  return { level: 'warn', event: 'connection-evicted', message, fields: { address, full } };
}
