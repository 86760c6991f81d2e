import { readLocalLog, type LocalLog } from './local-log.js';
import { itemsOf, readLog, type Connect } from './read-log.js';
import { resolveReconnect, type ReconnectOptions } from './reconnect.js';
import { splitLines } from './split-lines.js';
import { longestSleepMs } from '../waiting/sleep.js';
import type { SupervisorClient } from '../client/supervisor-client.js';

/** The options of `localLogs`. */
export interface LocalLogsOptions {
  /**
   * Continues after the stream has ended or failed. The Supervisor keeps no history of this log: no line is repeated, and
   * lines logged in between are missing. `onReconnect` is called at each such gap.
   * @default false
   */
  reconnect?: boolean | ReconnectOptions | undefined;
  /** Closes the connection. The reader then gets the signal's reason. */
  signal?: AbortSignal | undefined;
}

/**
 * New log lines of the services and the Supervisor on a device in local mode. Outside local mode there are none.
 * `GET /v2/local/logs`, since 7.21
 *
 * The connection is opened when you ask for the first line, and closed when you leave the loop. It reads no further ahead
 * than the connection buffers. A line that is not a JSON log entry is returned as a message; a line over 1 MiB is cut.
 *
 * @throws SupervisorError as every call, and `unreachable` if the stream fails.
 */
export function localLogs(
  supervisor: Pick<SupervisorClient, 'stream'>,
  options: LocalLogsOptions = {},
): AsyncGenerator<LocalLog, void> {
  const { signal } = options;
  const reconnect = resolveReconnect(options.reconnect);
  const connect: Connect<LocalLog> = async function* readOnce(onOpen) {
    // Supervisors before 9.4 send not even headers before the first line.
    const streamOptions = { signal, connectTimeoutMs: longestSleepMs };
    const chunks = await supervisor.stream({ method: 'GET', path: '/v2/local/logs', effect: 'read' }, streamOptions);
    onOpen(false);
    yield* itemsOf(chunks, { split: splitLines, read: readLocalLog, isOnly: reconnect === undefined });
  };
  return readLog(connect, { reconnect, signal });
}
