import { readLocalLog, type LocalLog } from './local-log.js';
import { itemsOf, readLog, type Connect } from './read-log.js';
import { resolveReconnect, type ReconnectOptions } from './reconnect.js';
import { splitLines } from './split-lines.js';
import { longestSleepMs } from '../waiting/sleep.js';
import type { SupervisorClient } from '../client/supervisor-client.js';

/** What `localLogs` takes. */
export interface LocalLogsOptions {
  /**
   * Goes on after the stream has ended or broken. The Supervisor keeps no history of this log: no line comes twice, and
   * what was logged in between is missing. `onReconnect` is called where that gap is.
   * @default false
   */
  reconnect?: boolean | ReconnectOptions | undefined;
  /** Ends the reading, which then rejects with the signal's reason, and closes the connection. */
  signal?: AbortSignal | undefined;
}

/**
 * What services and the Supervisor log from now on, on a device in local mode; in normal operation it stays silent.
 * `GET /v2/local/logs`, since 7.21
 *
 * The connection is made at the first line that is asked for, and closed by leaving the loop. Nothing is read ahead of it
 * beyond what the connection buffers. A line that is no log in JSON is given as a message; one over 1 MiB is cut.
 *
 * @throws SupervisorError as every call, and `unreachable` if the stream breaks.
 */
export function localLogs(
  supervisor: Pick<SupervisorClient, 'stream'>,
  options: LocalLogsOptions = {},
): AsyncGenerator<LocalLog, void> {
  const { signal } = options;
  const reconnect = resolveReconnect(options.reconnect);
  const connect: Connect<LocalLog> = async function* readOnce(onOpen) {
    // Supervisors before 9.4 send not even headers before somebody has logged something.
    const streamOptions = { signal, connectTimeoutMs: longestSleepMs };
    const chunks = await supervisor.stream({ method: 'GET', path: '/v2/local/logs', effect: 'read' }, streamOptions);
    onOpen(false);
    yield* itemsOf(chunks, { split: splitLines, read: readLocalLog, isOnly: reconnect === undefined });
  };
  return readLog(connect, { reconnect, signal });
}
